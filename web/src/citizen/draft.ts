import { byId } from './dom';
import { all, type Draft, drop, get, put } from './drafts';
import { mintNonce } from './nonce';

/** Who writes is kept only while a report waits for the network. */
const person = /^(name|surname|email|phone|prefers|postal|hours|for|deaf|answer_lang)$/;
/** What the page makes for itself. */
const own = /^(id|nonce|kept|seen|step|photo)$/;
/** The report that this tab is writing, across a page that asks to correct it. */
const mark = 'segnavia.report';

export type Keeper = {
  /** The draft as it stands, with who writes it. */
  whole(): Draft;
  /** Writes it down as it stands. */
  keep(state: Draft['state']): Promise<unknown>;
  drop(): Promise<unknown>;
};

function remembered(id?: string): string | null {
  try {
    if (id) sessionStorage.setItem(mark, id);
    return sessionStorage.getItem(mark);
  } catch {
    return null;
  }
}

/** Gives the form its id and its nonce, puts back what was written before, and keeps what is
 * written until it has arrived. */
export async function keepDraft(
  form: HTMLFormElement,
  mint: () => string,
  photos: { files: () => File[]; set: (f: File[]) => void },
  settle: () => Promise<void>,
): Promise<Keeper> {
  const id = form.elements.namedItem('id') as HTMLInputElement;
  const nonce = form.elements.namedItem('nonce') as HTMLInputElement;
  // A page that answers this form goes on with its report.
  const going = 'errors' in form.dataset && !('fresh' in form.dataset) && remembered();
  id.value = going || mint();
  if (!going || !nonce.value) nonce.value = mintNonce();

  const wanted = new URLSearchParams(location.search).get('draft');
  const old = wanted ? await get(wanted).catch(() => undefined) : await latest(form);
  const note = byId('draft');
  if (old && old.state !== 'sent') {
    id.value = old.id;
    nonce.value = old.nonce ?? mintNonce();
    fill(form, old);
    await settle();
    fill(form, old); // the questions that have come meanwhile
    photos.set(old.photos);
    // It is being written again: it does not leave in the middle of a word.
    if (old.state !== 'draft') await put({ ...old, state: 'draft' }).catch(() => {});
    if (note && !wanted) {
      note.hidden = false;
      note.querySelector('button')?.addEventListener('click', () => {
        form.reset();
        photos.set([]);
        id.value = mint();
        nonce.value = mintNonce();
        remembered(id.value);
        note.hidden = true;
      });
    }
  }
  remembered(id.value);

  const whole = (): Draft => {
    const fields = [...new FormData(form)].filter(
      (f): f is [string, string] => typeof f[1] === 'string' && f[1] !== '' && !own.test(f[0]),
    );
    return {
      id: id.value,
      nonce: nonce.value,
      state: 'draft',
      saved: Date.now(),
      title: titleOf(form),
      fields,
      photos: photos.files(),
    };
  };
  let pause: ReturnType<typeof setTimeout> | undefined;
  const keep = (state: Draft['state']) => {
    clearTimeout(pause);
    const d = whole();
    const fields = state === 'draft' ? d.fields.filter(([name]) => !person.test(name)) : d.fields;
    return put({ ...d, state, fields });
  };
  const save = () => {
    clearTimeout(pause);
    // A full or closed store costs the draft, not the report.
    pause = setTimeout(() => void keep('draft').catch(() => {}), 300);
  };
  form.addEventListener('input', save);
  form.addEventListener('change', save);
  const away = () => {
    clearTimeout(pause);
    return drop(id.value).catch(() => {});
  };
  return { whole, keep, drop: away };
}

/** What was begun last on this form, when the page comes empty. */
async function latest(form: HTMLFormElement): Promise<Draft | undefined> {
  if ('errors' in form.dataset || (location.search && !location.search.startsWith('?kind=')))
    return;
  const kind = new FormData(form).get('kind') ?? undefined;
  return (await all()).find(
    (d) => d.state === 'draft' && d.fields.find(([name]) => name === 'kind')?.[1] === kind,
  );
}

function titleOf(form: HTMLFormElement): string {
  const text = (name: string) =>
    (form.elements.namedItem(name) as HTMLInputElement | null)?.value.trim() ?? '';
  const kind = form
    .querySelector('input[name=service]:checked')
    ?.parentElement?.textContent?.trim();
  return text('title') || [kind, text('address')].filter(Boolean).join(', ');
}

function fill(form: HTMLFormElement, draft: Draft) {
  for (const [name] of draft.fields) {
    const values = draft.fields.filter(([n]) => n === name).map(([, v]) => v);
    for (const field of form.querySelectorAll<HTMLInputElement>(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === 'radio' || field.type === 'checkbox') {
        field.checked = values.includes(field.value);
      } else field.value = values[0] ?? '';
    }
  }
}

/** Forgets what has arrived under a code: its receipt is on the screen. */
export async function dropArrived(code: string) {
  for (const d of await all()) if (d.code === code) await drop(d.id).catch(() => {});
}
