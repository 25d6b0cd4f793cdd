import { NoNetwork } from '../core/network';
import { uuid7 } from '../core/uuid7';
import { sendLater } from './away';
import { ask, byId, make, type Place, position } from './dom';
import { type Keeper, keepDraft } from './draft';
import { improvePhotos, offerShot } from './photos';
import { improveQuestions } from './questions';
import { deliver } from './send';
import { type Near, showSimilar } from './similar';
import { type Found, plain, streetOf } from './street';

type Places = { places: Found[] };

/** Spares steps on the page of a new report. */
export async function improveForm() {
  const form = byId<HTMLFormElement>('report');
  if (!form) return;
  const field = (name: string) => form.elements.namedItem(name) as HTMLInputElement;
  // What a picture stands for opens below all of them: perhaps out of sight.
  form.addEventListener('change', (e) => {
    const radio = e.target as HTMLInputElement;
    if (radio.name !== 'group') return;
    radio.parentElement?.querySelector('.services')?.scrollIntoView({ block: 'nearest' });
  });
  improveSearch(form);
  const take = field('address') ? improvePlace(form, field) : undefined;
  const photos = improvePhotos(
    form,
    () => form.dispatchEvent(new Event('change')),
    (shot) => {
      if (take && !field('lon').value && !field('address').value) void offerShot(form, shot, take);
    },
  );
  const settle = improveQuestions(form);
  await improveSending(form, await keepDraft(form, () => uuid7(), photos, settle));
}

/** Sends without leaving the page. What the town wants corrected it shows itself;
 * what it cannot be told now waits here. */
async function improveSending(form: HTMLFormElement, keeper: Keeper) {
  const status = byId('sending');
  const send = byId('send');
  // One touch is one report: the id would see to it, this spares the waiting.
  let sent = false;
  const ready = () => {
    sent = false;
    send?.removeAttribute('aria-disabled');
    if (status) status.textContent = '';
  };
  // Safari tells what was pressed since 15.4; a click is told by all, Enter's too.
  let pressed: Element | null = null;
  form.addEventListener('click', (e) => {
    pressed = (e.target as Element).closest('button');
  });
  form.addEventListener('submit', async (e) => {
    if (pressed?.hasAttribute('formaction')) {
      void keeper.drop(); // it is the same thing as somebody else's
      return;
    }
    e.preventDefault();
    if (sent) return;
    sent = true;
    send?.setAttribute('aria-disabled', 'true');
    if (status) status.textContent = form.dataset.sending ?? '';
    let answer: Awaited<ReturnType<typeof deliver>>;
    try {
      answer = await deliver(keeper.whole());
    } catch (err) {
      if (err instanceof NoNetwork) await later();
      else await plainly(err);
      return;
    }
    if ('code' in answer) {
      await keeper.drop();
      location.assign(`/r/${answer.code}?thanks=1`);
    } else form.submit(); // the town says on its page what is wrong, or that it was known
  });
  const later = async () => {
    try {
      await keeper.keep('waiting');
    } catch {
      ready(); // nothing can be kept here, and leaving the page would lose it
      if (status) status.textContent = form.dataset.stay ?? '';
      return;
    }
    await sendLater();
    if (status) status.textContent = form.dataset.away ?? '';
    location.assign('/drafts');
  };
  /** What the script cannot do the form does, which needs none. */
  const plainly = async (err: unknown) => {
    console.error(err);
    if (status) status.textContent = form.dataset.plain ?? '';
    await keeper.keep('draft').catch(() => {});
    form.submit();
  };
  addEventListener('pageshow', ready);
  form.dataset.ready = '';
}

/** Finds a kind of problem by a word, and chooses it with its picture. */
function improveSearch(form: HTMLFormElement) {
  const box = byId('search');
  const words = byId<HTMLInputElement>('words');
  const list = box?.querySelector('ul');
  const status = box?.querySelector('p');
  if (!box || !words || !list || !status) return;
  box.hidden = false;
  const choices = [...form.querySelectorAll<HTMLInputElement>('input[name=service]')].map(
    (radio) => {
      const name = radio.parentElement?.textContent?.trim() ?? '';
      return { radio, name, words: plain(`${name} ${radio.dataset.words ?? ''}`) };
    },
  );
  words.addEventListener('input', () => {
    const wanted = plain(words.value)
      .split(/\s+/)
      .filter((w) => w.length > 1);
    const found = wanted.length
      ? choices.filter((c) => wanted.every((w) => c.words.includes(w))).slice(0, 6)
      : [];
    status.textContent = wanted.length && !found.length ? (status.dataset.none ?? '') : '';
    list.replaceChildren(
      ...found.map((c) => {
        const button = make('button', { type: 'button', className: 'button' }, c.name);
        button.addEventListener('click', () => {
          c.radio.checked = true;
          const picture = c.radio.closest('.group')?.querySelector('input');
          if (picture) picture.checked = true;
          words.value = '';
          list.replaceChildren();
          status.textContent = (status.dataset.chosen ?? '').replace('{name}', c.name);
          c.radio.dispatchEvent(new Event('change', { bubbles: true }));
        });
        return make('li', {}, button);
      }),
    );
  });
  // Enter in the search is not yet the wish to send.
  words.addEventListener('keydown', (e) => {
    if (e.key !== 'Enter') return;
    e.preventDefault();
    list.querySelector('button')?.click();
  });
}

/** Takes the place from this device or the map, reads it back, and shows what
 * is known nearby. */
function improvePlace(form: HTMLFormElement, field: (name: string) => HTMLInputElement) {
  const address = field('address');
  const said = byId('place');
  const tools = byId('place-tools');
  if (!said || !tools) return undefined;
  tools.hidden = false;
  let street = '';
  let begin: Place | undefined;

  const say = (text: string, failed = false) => {
    said.textContent = text;
    said.classList.toggle('failed', failed);
  };
  const take = async (p: Place) => {
    field('lon').value = p.lon.toFixed(6);
    field('lat').value = p.lat.toFixed(6);
    say(form.dataset.kept ?? '');
    const near = await ask<Near>(`/api/v1/near?lon=${p.lon.toFixed(6)}&lat=${p.lat.toFixed(6)}`);
    if (near?.outside) {
      field('lon').value = field('lat').value = '';
      say(form.dataset.outside ?? '', true);
      return;
    }
    if (near?.place) {
      address.value = near.place;
      street = near.street ?? '';
      say((form.dataset.right ?? '').replace('{street}', near.place));
    }
    showSimilar(form, near?.reports ?? []);
    title();
  };

  const subject = field('title');
  let written = subject.value !== '';
  const title = () => {
    // Nothing is put under the fingers of somebody who is writing there.
    if (document.activeElement === subject) return;
    const kind = form
      .querySelector('input[name=service]:checked')
      ?.parentElement?.textContent?.trim();
    if (!written && kind && street) subject.value = `${kind}, ${street}`;
  };
  subject.addEventListener('input', () => {
    written = subject.value !== '';
  });
  subject.addEventListener('blur', title);
  form.addEventListener('change', title);

  const gps = byId<HTMLButtonElement>('gps');
  gps?.addEventListener('click', async () => {
    say(form.dataset.busy ?? '');
    const p = await position();
    if (p) await take(p);
    else say(form.dataset.failed ?? '', true);
  });

  const streets = byId('streets');
  let known: Found[] = [];
  const like = async (q: string) => {
    known = (await ask<Places>(`/api/v1/places?q=${encodeURIComponent(q)}`))?.places ?? [];
  };
  let pause: ReturnType<typeof setTimeout> | undefined;
  address.addEventListener('input', () => {
    field('lon').value = field('lat').value = street = '';
    begin = undefined;
    say('');
    clearTimeout(pause);
    const q = address.value.trim();
    if (q.length < 3 || known.some((p) => p.label === q)) return;
    pause = setTimeout(async () => {
      await like(q);
      const options = known.map((p) => make('option', { value: p.label }));
      if (streets) streets.replaceChildren(...options);
    }, 250);
  });
  // A street that the town knows is read back, and the map opens on it.
  address.addEventListener('change', async () => {
    const q = address.value.trim();
    if (q.length < 3 || field('lon').value) return;
    if (!streetOf(q, known)) await like(q);
    const found = streetOf(q, known);
    if (!found || address.value.trim() !== q) return;
    street = found.street;
    begin = found;
    say((form.dataset.right ?? '').replace('{street}', street + q.slice(street.length)));
    title();
    const near = await ask<Near>(
      `/api/v1/near?lon=${found.lon}&lat=${found.lat}&metres=${found.label === street ? 250 : 60}`,
    );
    if (near && address.value.trim() === q) showSimilar(form, near.reports);
  });

  const pick = byId<HTMLButtonElement>('pick');
  const picker = byId('picker');
  const label = pick?.querySelector('span');
  if (!pick || !picker || !label) return take;
  const close = label.dataset.open ?? '';
  const open = label.textContent ?? '';
  const toggle = (shown: boolean) => {
    picker.hidden = !shown;
    pick.setAttribute('aria-expanded', String(shown));
    label.textContent = shown ? close : open;
    if (!shown) picker.replaceChildren();
  };
  pick.addEventListener('click', async () => {
    toggle(picker.hidden !== false);
    if (picker.hidden) return;
    const start = field('lon').value
      ? { lon: +field('lon').value, lat: +field('lat').value }
      : begin;
    try {
      const map = await import('./map');
      await map.pick(picker, start, (p) => {
        toggle(false);
        pick.focus();
        void take(p);
      });
    } catch {
      toggle(false);
      say(picker.dataset.failed ?? '', true);
    }
  });
  return take;
}
