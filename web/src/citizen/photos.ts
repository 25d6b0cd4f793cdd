import { redraw } from '../app/jpeg';
import { ask, make, type Place } from './dom';
import { shotAt } from './shot';

/** Smaller files go as they are. */
const heavy = 600_000;

/** One button instead of several, pictures of what was chosen, and lighter
 * files for those who pay for each byte. */
export function improvePhotos(
  form: HTMLFormElement,
  changed: () => void,
  offer: (p: Place) => void,
) {
  const files = form.querySelector<HTMLElement>('.files');
  const first = files?.querySelector('input');
  if (!files || !first || !canFill()) return asTheyAre(files);
  const most = Number(files.dataset.max) - Number(files.dataset.kept);
  const chosen: File[] = [];
  const shots = make('ul', { className: 'shots' });
  const one = make('input', {
    type: 'file',
    accept: 'image/*,application/pdf',
    multiple: true,
    name: 'photo',
  });
  one.setAttribute('aria-describedby', first.getAttribute('aria-describedby') ?? '');
  const symbol = files.querySelector('template')?.content.cloneNode(true) ?? '';
  const label = make('label', { className: 'file one' }, symbol, files.dataset.add ?? '', one);

  const show = () => {
    const all = new DataTransfer();
    for (const f of chosen) all.items.add(f);
    one.files = all.files;
    label.hidden = chosen.length >= most;
    shots.replaceChildren(
      ...chosen.map((f, i) => {
        const src = URL.createObjectURL(f);
        const picture = make('img', { src, alt: f.name });
        picture.addEventListener('load', () => URL.revokeObjectURL(src));
        // Some kinds of photo only the town can open: here they show their name.
        picture.addEventListener('error', () => {
          URL.revokeObjectURL(src);
          picture.replaceWith(make('span', { className: 'name' }, f.name));
        });
        const away = make('button', { type: 'button' }, '×');
        away.setAttribute('aria-label', (files.dataset.remove ?? '').replace('{n}', String(i + 1)));
        away.addEventListener('click', () => {
          chosen.splice(i, 1);
          show();
          changed();
          one.focus();
        });
        return make('li', {}, picture, away);
      }),
    );
  };
  one.addEventListener('change', async () => {
    const fresh = [...(one.files ?? [])].slice(0, most - chosen.length);
    // Before it is drawn anew, which takes what the camera wrote.
    const shot = (await Promise.all(fresh.map(shotAt))).find((p) => p);
    if (shot) offer(shot);
    for (const f of fresh) chosen.push(await lighter(f));
    show();
    changed();
  });
  files.replaceChildren(shots, label);
  return {
    files: () => [...chosen],
    set: (list: File[]) => {
      chosen.splice(0, chosen.length, ...list);
      show();
    },
  };
}

/** Whether a script can fill a field of files: Safari can since 14.1. */
function canFill(): boolean {
  try {
    return new DataTransfer().items !== undefined;
  } catch {
    return false;
  }
}

/** The page's own fields, and beside them what a draft brings back, which cannot be put
 * into them. */
function asTheyAre(files: HTMLElement | null) {
  let back: File[] = [];
  return {
    files: (): File[] => {
      const fields = [...(files?.querySelectorAll('input') ?? [])];
      return [...back, ...fields.flatMap((field) => [...(field.files ?? [])])];
    },
    set: (list: File[]) => {
      back = list;
    },
  };
}

/** Asks whether the place where a photo was taken is the one meant, or says that it
 * is none of the town's. */
export async function offerShot(form: HTMLFormElement, shot: Place, take: (p: Place) => void) {
  const files = form.querySelector<HTMLElement>('.files');
  const near = await ask<{ place?: string; outside?: boolean }>(
    `/api/v1/near?lon=${shot.lon}&lat=${shot.lat}`,
  );
  if (files && near?.outside) {
    tell(files, make('div', { className: 'note' }, make('p', {}, files.dataset.abroad ?? '')));
    return;
  }
  if (!files || !near?.place) return;
  const yes = make('button', { type: 'button', className: 'button' }, files.dataset.there ?? '');
  const box = make(
    'div',
    { className: 'note' },
    make('p', {}, (files.dataset.shot ?? '').replace('{place}', near.place)),
    yes,
  );
  yes.addEventListener('click', () => {
    box.remove();
    take(shot);
    form.querySelector<HTMLElement>('#address')?.focus();
  });
  tell(files, box);
}

/** Says something below the photos, in place of what was said before. */
function tell(files: HTMLElement, box: HTMLElement) {
  box.setAttribute('role', 'status');
  files.parentElement?.querySelector('[role=status]')?.remove();
  files.after(box);
}

/** The photo drawn anew, smaller; what cannot be drawn here goes as it is, and
 * the town decides. */
async function lighter(file: File): Promise<File> {
  if (file.size < heavy) return file;
  try {
    const blob = await redraw(file);
    if (blob.size >= file.size) return file;
    return new File([blob], file.name.replace(/\.\w+$/, '.jpg'), { type: 'image/jpeg' });
  } catch {
    return file;
  }
}
