import { expect, type Page, test } from '@playwright/test';
import { openOffice, userOf } from './office';
import { CrewPage } from './pages/crew';
import { PhoneBrowser } from './phone';
import { openWire } from './wire';

/**
 * A working day of eight hours without network, compressed: two hundred edits, sixty
 * of them photos, twenty that meet another word of the office, ten jobs that are
 * given to another team meanwhile, one empty battery. Against a running demonstration:
 * SEGNAVIA_URL and SEGNAVIA_DEMO, its demo.json.
 */
const { SEGNAVIA_URL = '', SEGNAVIA_DEMO = '' } = process.env;
test.skip(!SEGNAVIA_URL || !SEGNAVIA_DEMO, 'needs a running demonstration');

const jobs = 30;
const conflicts = 20; // the first twenty, whose work begins
const moved = 10; // the last ten
const notesEach = 4;
const photosEach = 2;
const edits = jobs * (notesEach + photosEach) + conflicts;
const photos = jobs * photosEach;
const dayMs = 8 * 3600_000;
/** After how many jobs the battery is empty: another each time, unless it is said. */
const seed = Number(process.env.SEGNAVIA_SEED ?? Date.now() % 1000);
const emptyAfter = 1 + ((seed * 7) % (jobs - 2));

/** A clock that jumps ahead as the day is told to. */
const clock = () => {
  localStorage.setItem('segnavia.lang', 'it');
  const real = Date.now.bind(Date);
  const offset = () => Number(localStorage.getItem('test.offset') ?? 0);
  Date.now = () => real() + offset();
  const RealDate = Date;
  globalThis.Date = new Proxy(RealDate, {
    construct: (D, args) => Reflect.construct(D, args.length ? args : [real() + offset()]),
  });
};

/** Goes to a page of the app as a touch on a link does. */
const visit = (page: Page, path: string) =>
  page.evaluate((p) => {
    history.pushState(null, '', p);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);

/** A picture like no other, as a camera would give it. */
const picture = (n: number) =>
  `data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" width="240" height="180"><rect width="240" height="180" fill="hsl(${n * 37} 40% 50%)"/><text x="20" y="100" font-size="60">${n}</text></svg>`,
  )}`;

async function photograph(page: Page, n: number, stage: 'before' | 'after') {
  const png = await page.evaluate(async (url) => {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.width;
    canvas.height = image.height;
    canvas.getContext('2d')?.drawImage(image, 0, 0);
    return canvas.toDataURL('image/png').split(',')[1] as string;
  }, picture(n));
  await page.getByLabel(stage === 'before' ? 'Foto prima' : 'Foto dopo').setInputFiles({
    name: `${n}.png`,
    mimeType: 'image/png',
    buffer: Buffer.from(png, 'base64'),
  });
}

/** What is on the phone's disk: ids of edits that wait and that were answered. */
const onDisk = (page: Page) =>
  page.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((done, failed) => {
      const r = indexedDB.open('segnavia-crew');
      r.onsuccess = () => done(r.result);
      r.onerror = () => failed(r.error);
    });
    const read = (store: string) =>
      new Promise<{ edit: { id: string }; answer?: { status: string } }[]>((done) => {
        const r = db.transaction(store).objectStore(store).getAll();
        r.onsuccess = () => done(r.result);
      });
    const [waiting, answered] = [await read('outbox'), await read('acked')];
    db.close();
    return {
      waiting: waiting.map((i) => i.edit.id),
      answered: answered.map((i) => [i.edit.id, i.answer?.status ?? ''] as const),
    };
  });

test('a day without network ends with every edit accounted for, on screen and in the town', async () => {
  test.setTimeout(240_000);
  const { login, password, team = '' } = userOf('squadra2');
  const other = userOf('squadra4').team ?? '';
  const office = await openOffice();
  const ids = await office.jobs(jobs, team, 'Giornata');
  const wire = await openWire(SEGNAVIA_URL);
  const phone = new PhoneBrowser();
  test.info().annotations.push({ type: 'started', description: new Date().toISOString() });
  try {
    let context = await phone.start();
    const open = async () => {
      await context.addInitScript(clock);
      const page = await context.newPage();
      return { page, crew: new CrewPage(page) };
    };
    let { page, crew } = await open();
    await page.goto(`${wire.url}/crew`);
    await page.getByLabel('Nome utente').fill(login);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Entra', exact: true }).click();
    await expect(page.getByText('Pronto anche senza rete')).toBeVisible();
    await expect(crew.connection).toContainText('Collegato');

    wire.cut();
    await expect(crew.connection).toContainText('Senza rete');
    let made = 0;
    const work = async (from: number, to: number) => {
      for (let i = from; i < to; i++) {
        await page.evaluate(
          (ms) => localStorage.setItem('test.offset', String(ms)),
          (dayMs / jobs) * i,
        );
        await visit(page, `/crew/job/${ids[i]}`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        if (i < conflicts) {
          await crew.start();
          await expect(page.locator('.job header')).toContainText('In lavorazione');
          made++;
        }
        for (let n = 0; n < notesEach; n++, made++) {
          await crew.note(`Nota ${i}.${n}`);
          await expect(page.getByLabel('Scrivi una nota')).toHaveValue('');
        }
        for (let n = 0; n < photosEach; n++, made++) {
          await photograph(page, i * photosEach + n, n ? 'after' : 'before');
          await expect(page.locator('.photos img')).toHaveCount(n + 1);
        }
      }
    };
    await work(0, emptyAfter);
    await visit(page, '/crew/queue');
    await expect(crew.count('Su questo telefono')).toHaveText(String(made + made_photos(made)));

    console.log(`the battery is empty after ${emptyAfter} jobs: SEGNAVIA_SEED=${seed}`);
    // The battery is empty. The phone starts again, still without network.
    await phone.kill();
    context = await phone.start();
    ({ page, crew } = await open());
    await page.goto(`${wire.url}/crew/queue`);
    await expect(crew.count('Su questo telefono')).toHaveText(String(made + made_photos(made)));
    await work(emptyAfter, jobs);
    expect(made).toBe(edits);
    await visit(page, '/crew/queue');
    await expect(crew.count('Su questo telefono')).toHaveText(String(edits + photos));
    await expect(page.getByText(`${edits} modifiche, ${photos} foto`)).toBeVisible();
    const before = await onDisk(page);
    expect(new Set(before.waiting).size).toBe(edits);

    // Meanwhile, in the office.
    const why = 'Non è una strada del Comune';
    await office.change(
      ids.slice(0, conflicts).map((report) => ({
        report,
        kind: 'transition',
        args: { from: 'assigned', to: 'rejected', reason: why },
      })),
    );
    await office.change(
      ids.slice(jobs - moved).map((report) => ({ report, kind: 'assign', args: { team: other } })),
    );

    wire.mend();
    await page
      .getByRole('button', { name: 'Prova a inviare adesso' })
      .click()
      .catch(() => {});
    await expect(crew.count('Su questo telefono')).toHaveText('0', { timeout: 90_000 });

    // On screen.
    await expect(crew.count('Ricevute')).toHaveText(String(edits));
    await expect(crew.count('Applicate')).toHaveText(String(edits - conflicts));
    await expect(page.getByText(`${conflicts} aspettano una decisione.`)).toBeVisible();
    await expect(page.getByRole('heading', { name: `Da guardare (${conflicts})` })).toBeVisible();
    await expect(page.locator('.receipt')).toContainText(`${conflicts} sono da decidere insieme.`);
    await visit(page, '/crew');
    await expect(page.getByRole('link', { name: new RegExp(`Giornata ${jobs}\\b`) })).toHaveCount(
      0,
    );

    // In the town: each edit once, with the answer that the phone was given.
    const after = await onDisk(page);
    expect(after.waiting).toEqual([]);
    const told = new Map(after.answered);
    expect([...told.keys()].sort()).toEqual([...before.waiting].sort());
    const inTown = new Map<string, string[]>();
    let pictures = 0;
    for (const id of ids) {
      const { history } = await office.caseOf(id);
      for (const e of history) {
        if (e.role !== 'crew') continue;
        inTown.set(e.id, [...(inTown.get(e.id) ?? []), e.result.status]);
        if (e.kind === 'attach') pictures++;
      }
    }
    expect(pictures).toBe(photos);
    for (const id of before.waiting) expect(inTown.get(id), id).toEqual([told.get(id)]);
    expect(inTown.size).toBe(edits);
  } finally {
    await phone.close();
    wire.close();
    await office.close();
  }
});

/** How many of so many edits, a job at a time, brought a picture. */
function made_photos(made: number): number {
  const withStart = Math.min(conflicts, Math.floor(made / (notesEach + photosEach + 1)));
  const rest = made - withStart * (notesEach + photosEach + 1);
  return (withStart + rest / (notesEach + photosEach)) * photosEach;
}
