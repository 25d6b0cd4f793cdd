import { expect, test } from '@playwright/test';
import { userOf } from './office';
import { type Other, others } from './other';

/** Against a running demonstration: SEGNAVIA_URL and SEGNAVIA_DEMO, its demo.json. */
const url = process.env.SEGNAVIA_URL ?? '';
test.skip(!url, 'needs a running demonstration');
test.setTimeout(120_000);

// What run is given is sent to the page as it is written: it sees nothing from here.
const waitFor = (o: Other, selector: string) =>
  expect
    .poll(() => o.run((s: string) => document.querySelector(s) !== null, selector), {
      message: selector,
    })
    .toBe(true);
const says = (o: Other, words: string) =>
  expect
    .poll(() => o.run((w: string) => document.body.textContent.includes(w), words), {
      message: words,
    })
    .toBe(true);
const click = async (o: Other, selector: string) => {
  await waitFor(o, selector);
  await o.run((s: string) => document.querySelector<HTMLElement>(s)?.click(), selector);
};
const fill = async (o: Other, selector: string, text: string) => {
  await waitFor(o, selector);
  await o.run(
    (s: string, t: string) => {
      const field = document.querySelector(s) as HTMLInputElement;
      field.value = t;
      field.dispatchEvent(new Event('input', { bubbles: true }));
      field.dispatchEvent(new Event('change', { bubbles: true }));
    },
    selector,
    text,
  );
};
const press = async (o: Other, words: string) => {
  await says(o, words);
  await o.run((w: string) => {
    const all = [...document.querySelectorAll<HTMLElement>('button, a, summary')];
    all.find((e) => e.textContent.trim().startsWith(w))?.click();
  }, words);
};
const fitsIn = async (o: Other, where: string) => {
  const [wide, room] = await o.run(() => [document.documentElement.scrollWidth, innerWidth]);
  expect(wide, where).toBeLessThanOrEqual(room ?? 0);
};

for (const [name, open] of Object.entries(others)) {
  test(`${name}: a report to its receipt, the list and its map, a crew's first note`, async () => {
    test.skip(!open, `${name} is not installed here`);
    if (!open) return;
    const o = await open();
    try {
      const title = `Da ${name} ${Date.now()}`;
      await o.go(`${url}/report?lang=it`);
      await waitFor(o, '#report[data-ready]');
      await o.run(() => {
        const service = document.querySelector<HTMLElement>('input[value="strade.buca"]');
        service?.closest('.group')?.querySelector('input')?.click();
        service?.click();
      });
      await click(o, '#more-questions input[value="sedia"]');
      await fill(o, '#address', 'Via Balbi 12');
      await fill(o, '#title', title);
      await click(o, '#send');
      await says(o, 'Ricevuta. Grazie!');
      await says(o, title);
      await fitsIn(o, 'the receipt');

      await o.go(`${url}/reports`);
      await waitFor(o, 'main .cards li');
      await press(o, 'Mostra la mappa');
      // Without a screen Firefox has no WebGL: then the page says that there is no map.
      const able = await o.run(() => !!document.createElement('canvas').getContext('webgl2'));
      if (able) await waitFor(o, '.maplibregl-canvas');
      else await says(o, 'Questo dispositivo non mostra la mappa');
      await waitFor(o, 'main .cards li');
      await fitsIn(o, 'the list');

      const { login, password } = userOf('squadra');
      await o.go(`${url}/crew`);
      await fill(o, 'input[name=login]', login);
      await fill(o, 'input[name=password]', password);
      await press(o, 'Entra');
      await says(o, 'I lavori di oggi');
      await click(o, '.job-card');
      await fill(o, 'textarea', `Da ${name}`);
      await press(o, 'Aggiungi la nota');
      await press(o, 'Invii');
      await says(o, 'Quello che hai fatto');
      await expect
        .poll(() =>
          o.run(() =>
            [...document.querySelectorAll<HTMLElement>('.count')]
              .find((e) => e.textContent.includes('Applicate'))
              ?.querySelector('dd')
              ?.textContent.trim(),
          ),
        )
        .toBe('1');
    } finally {
      await o.close();
    }
  });
}
