import { byId } from './dom';

const place = 'segnavia.report';
/** What is kept of an unfinished report. Who writes it is not. */
const kept = ['group', 'service', 'address', 'lon', 'lat', 'title', 'description', 'hazard'];

type Draft = { id: string; fields: [string, string][] };

function read(): Draft | undefined {
  try {
    return JSON.parse(localStorage.getItem(place) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}

/** Forgets the draft: it has arrived. */
export function dropDraft() {
  try {
    localStorage.removeItem(place);
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
}

/** Gives the form its id, and keeps what is written until it has arrived. */
export function keepDraft(form: HTMLFormElement, mint: () => string) {
  const draft = read();
  const id = form.elements.namedItem('id') as HTMLInputElement;
  id.value = draft && !('fresh' in form.dataset) ? draft.id : mint();

  const note = byId('draft');
  const blank = !('errors' in form.dataset) && !location.search;
  if (draft?.fields.length && blank && note) {
    for (const [name, value] of draft.fields) set(form, name, value);
    note.hidden = false;
    note.querySelector('button')?.addEventListener('click', () => {
      dropDraft();
      form.reset();
      id.value = mint();
      note.hidden = true;
    });
  }

  let pause: ReturnType<typeof setTimeout> | undefined;
  const save = () => {
    clearTimeout(pause);
    pause = setTimeout(() => {
      const data = new FormData(form);
      const fields = kept.flatMap((name) => {
        const value = data.get(name);
        return typeof value === 'string' && value ? [[name, value] as [string, string]] : [];
      });
      try {
        localStorage.setItem(place, JSON.stringify({ id: id.value, fields } satisfies Draft));
      } catch {
        // A full or closed store costs the draft, not the report.
      }
    }, 300);
  };
  form.addEventListener('input', save);
  form.addEventListener('change', save);
}

function set(form: HTMLFormElement, name: string, value: string) {
  for (const field of form.querySelectorAll<HTMLInputElement>(`[name="${name}"]`)) {
    if (field.type === 'radio') field.checked = field.value === value;
    else field.value = value;
  }
}
