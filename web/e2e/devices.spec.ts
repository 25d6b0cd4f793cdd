import { readFileSync } from 'node:fs';
import { type Browser, expect, type Page, test } from '@playwright/test';
import jsQR from 'jsqr';
import { look } from './look';
import { openOffice, userOf } from './office';
import { CrewPage } from './pages/crew';
import { DeskPage } from './pages/desk';

/** The life of a phone, against a running demonstration: SEGNAVIA_URL and
 * SEGNAVIA_DEMO, its demo.json. */
const { SEGNAVIA_URL = '', SEGNAVIA_DEMO = '' } = process.env;
test.skip(!SEGNAVIA_URL || !SEGNAVIA_DEMO, 'needs a running demonstration');

const phone = { viewport: { width: 360, height: 740 }, locale: 'it-IT' };
const newPhone = async (browser: Browser) => (await browser.newContext(phone)).newPage();

async function signIn(page: Page, login: string) {
  const crew = new CrewPage(page);
  await crew.signIn(login, userOf(login).password);
  await expect(crew.connection).toContainText('Collegato');
  return crew;
}

/** A job of its own for a team, so that no other test meets it. */
async function oneJob(login: string, name: string) {
  const title = `${name} ${Date.now()}`;
  const office = await openOffice();
  const [id = ''] = await office.jobs(1, userOf(login).team ?? '', title);
  const { report } = await office.caseOf(id);
  expect(report.team).toBe(userOf(login).team);
  return { id, title: `${title} 1`, office };
}

/** Reads the picture as a phone's camera would. */
async function scan(page: Page): Promise<string> {
  const { pixels, side } = await page.locator('img.qr').evaluate(async (img) => {
    const image = img as HTMLImageElement;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 400;
    const c = canvas.getContext('2d') as CanvasRenderingContext2D;
    c.drawImage(image, 0, 0, 400, 400);
    return { pixels: [...c.getImageData(0, 0, 400, 400).data], side: 400 };
  });
  const code = jsQR(new Uint8ClampedArray(pixels), side, side);
  expect(code, 'the picture can be read').not.toBeNull();
  return code?.data ?? '';
}

test('a foreman lets a phone in by a picture and takes it off; unsent work is saved first', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const { title, office, id } = await oneJob('squadra5', 'Telefono perso');
  const desk = await (await browser.newContext({ locale: 'it-IT' })).newPage();
  await new DeskPage(desk).signIn('caposquadra', userOf('caposquadra').password);
  await desk.locator('.menu summary').click();
  await desk.getByRole('link', { name: 'Telefoni' }).click();
  await expect(desk.getByRole('heading', { name: 'Telefoni' })).toBeVisible();
  // Nobody of the office is among those whom a foreman may let in.
  const offered = await desk.locator('#invite-user option').allTextContents();
  expect(offered.length).toBeGreaterThan(5);
  expect(offered.filter((o) => !/Squadra|Ditta/.test(o))).toEqual([]);
  const person = await whoIs('squadra5');
  await desk.locator('#invite-user').selectOption(person.id);
  await desk.getByRole('button', { name: 'Crea il codice' }).click();
  const address = await scan(desk);
  expect(address).toMatch(new RegExp(`^${SEGNAVIA_URL}/crew/enrol#[A-Z2-7]{26}$`));

  const page = await newPhone(browser);
  await page.goto(address);
  const crew = new CrewPage(page);
  await expect(crew.today).toBeVisible();
  await expect(page.getByText(person.name).first()).toBeVisible();
  await expect(crew.connection).toContainText('Collegato');
  expect(page.url(), 'the code is not left in the address').not.toContain('#');
  // The same code is good once.
  const late = await newPhone(browser);
  await late.goto(address);
  await expect(late.getByRole('alert').filter({ hasText: 'non vale più' })).toBeVisible();

  // A photo of a case that was looked at is kept for when there is no network.
  await page.evaluate(async () => (await caches.open('media')).put('/seen.jpg', new Response('x')));
  await page.context().setOffline(true);
  await expect(crew.connection).toContainText('Senza rete');
  await crew.open(title);
  await crew.note('Scritta sul telefono perso');
  await desk.reload();
  const row = desk
    .locator('.device-row')
    .filter({ hasText: person.name })
    .filter({ hasText: 'Togli' });
  await row.first().getByRole('button').click();
  await desk.getByRole('dialog').getByRole('button', { name: 'Togli' }).click();
  await expect(desk.getByText(`Tolto il telefono di ${person.name}`)).toBeVisible();

  await page.context().setOffline(false);
  await expect(page.getByText('Questo telefono non è più abilitato')).toBeVisible({
    timeout: 60_000,
  });
  await expect.poll(() => page.evaluate(() => caches.has('media'))).toBe(false);
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Salva in un file' }).click();
  const file = await (await saved).path();
  expect(readFileSync(file, 'utf8')).toContain('Scritta sul telefono perso');
  await page.getByRole('button', { name: 'Cancella tutto da questo telefono' }).click();
  await page.getByRole('button', { name: 'Sì, cancella tutto' }).click();
  await page.getByLabel('Nome utente').waitFor();
  expect(await leftOn(page)).toEqual({ reports: 0, outbox: 0, facts: 0 });

  // On another phone of the same person, twice.
  const other = await newPhone(browser);
  const again = await signIn(other, 'squadra5');
  for (const words of ['Ripresa una modifica', 'è già qui']) {
    await other.locator('.tabs').getByRole('link', { name: 'Telefono' }).click();
    await other.getByLabel('Apri un file salvato').setInputFiles(file);
    await expect(other.getByText(words)).toBeVisible();
    await again.queue();
    await expect(again.count('Su questo telefono')).toHaveText('0', { timeout: 30_000 });
  }
  const notes = (await office.caseOf(id)).history.filter((e) => e.kind === 'note');
  expect(notes).toHaveLength(1);
  // And nobody else's.
  const stranger = await newPhone(browser);
  await signIn(stranger, 'squadra6');
  await stranger.locator('.tabs').getByRole('link', { name: 'Telefono' }).click();
  await stranger.getByLabel('Apri un file salvato').setInputFiles(file);
  await expect(stranger.getByText(`Questo file è di ${person.name}`)).toBeVisible();
});

/** How a login is called in the town. */
async function whoIs(login: string) {
  const { http, close } = await openOffice(login);
  const { user } = await (await http.get('/api/v1/session')).json();
  await close();
  return user as { id: string; name: string };
}

/** How much is left in the store of the crews' app. */
const leftOn = (page: Page) =>
  page.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((done) => {
      const r = indexedDB.open('segnavia-crew');
      r.onsuccess = () => done(r.result);
    });
    const count = (store: string) =>
      new Promise<number>((done) => {
        const r = db.transaction(store).objectStore(store).count();
        r.onsuccess = () => done(r.result);
      });
    const left = {
      reports: await count('reports'),
      outbox: await count('outbox'),
      facts: await count('facts'),
    };
    db.close();
    return left;
  });

test('two tabs are one phone, two phones are one person', async ({ browser }) => {
  test.setTimeout(90_000);
  const { title, office, id } = await oneJob('squadra6', 'Due schede');
  const page = await newPhone(browser);
  const crew = await signIn(page, 'squadra6');
  const second = await page.context().newPage();
  await second.goto('/crew');
  const tab = new CrewPage(second);
  await expect(tab.today).toBeVisible();
  const far = await signIn(await newPhone(browser), 'squadra6');

  // One tab holds the socket; the other's words leave through it.
  await tab.open(title);
  await tab.note('Dalla seconda scheda');
  await crew.open(title);
  await expect(page.getByText('Dalla seconda scheda')).toBeVisible();
  await far.open(title);
  await expect(far.page.getByText('Dalla seconda scheda')).toBeVisible();
  await far.start();
  await expect(page.locator('.job header')).toContainText('In lavorazione');
  await expect(second.locator('.job header')).toContainText('In lavorazione');

  // Without network each tab sees what the other did, and either takes it back.
  await page.context().setOffline(true);
  await expect(crew.connection).toContainText('Senza rete');
  await crew.note('Da ritirare');
  await tab.queue();
  await expect(tab.count('Su questo telefono')).toHaveText('1');
  await second.getByRole('button', { name: 'Annulla: Nota: Da ritirare' }).click();
  await expect(tab.count('Su questo telefono')).toHaveText('0');
  await expect(page.locator('.note', { hasText: 'Da ritirare' })).toHaveCount(0);
  await crew.note('Dalla prima scheda');
  // The tab that leads goes; the other takes over and sends.
  await expect(tab.count('Su questo telefono')).toHaveText('1');
  await page.close();
  await second.context().setOffline(false);
  await expect(tab.count('Su questo telefono')).toHaveText('0', { timeout: 45_000 });
  const texts = (await office.caseOf(id)).history.filter((e) => e.kind === 'note');
  expect(texts).toHaveLength(2);
  await expect(far.page.getByText('Dalla prima scheda')).toBeVisible();
  await expect(far.page.getByText('Da ritirare')).toHaveCount(0);
});

for (const days of [-2, 2]) {
  test(`a phone whose clock is ${days} days off loses nothing`, async ({ browser }) => {
    const { title, office, id } = await oneJob('squadra7', `Orologio ${days}`);
    const page = await newPhone(browser);
    await page.addInitScript((ms) => {
      const real = Date.now.bind(Date);
      const Real = Date;
      globalThis.Date = new Proxy(Real, {
        construct: (D, args) => Reflect.construct(D, args.length ? args : [real() + ms]),
        get: (D, name) => (name === 'now' ? () => real() + ms : Reflect.get(D, name)),
      });
    }, days * 86_400_000);
    const crew = await signIn(page, 'squadra7');
    await crew.open(title);
    await page.context().setOffline(true);
    await crew.start();
    await crew.note('Con l’orologio sbagliato');
    await page.context().setOffline(false);
    await crew.queue();
    await expect(crew.count('Su questo telefono')).toHaveText('0', { timeout: 45_000 });
    const { report, history } = await office.caseOf(id);
    expect(report.status).toBe('in_progress');
    expect(history.filter((e) => e.role === 'crew').map((e) => e.result.status)).toEqual([
      'applied',
      'applied',
    ]);
    // The phone's time is kept as when the work was done.
    const note = history.find((e) => e.kind === 'note') as { made?: string; at?: string };
    const apart = Date.parse(note.made ?? '') - Date.parse(note.at ?? '');
    expect(Math.round(apart / 86_400_000)).toBe(days);
  });
}

/** A picture of noise, which no codec makes small. */
async function photographNoise(page: Page) {
  const png = await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    canvas.width = 1000;
    canvas.height = 750;
    const c = canvas.getContext('2d') as CanvasRenderingContext2D;
    const pixels = c.createImageData(1000, 750);
    for (let at = 0; at < pixels.data.length; at += 65_536)
      crypto.getRandomValues(pixels.data.subarray(at, at + 65_536));
    for (let at = 3; at < pixels.data.length; at += 4) pixels.data[at] = 255;
    c.putImageData(pixels, 0, 0);
    return canvas.toDataURL('image/jpeg', 0.9).split(',')[1] as string;
  });
  const file = { name: 'n.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(png, 'base64') };
  await page.getByLabel('Foto prima').setInputFiles(file);
}

test('where the storage is full it is said, words still go in, and nothing that was kept is lost', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const { title, office, id } = await oneJob('squadra8', 'Memoria piena');
  const page = await newPhone(browser);
  const cdp = await page.context().newCDPSession(page);
  const origin = SEGNAVIA_URL;
  await cdp.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 3e6 });
  const crew = await signIn(page, 'squadra8');
  await crew.open(title);
  await page.context().setOffline(true);
  await crew.note('Prima che finisca lo spazio');
  const full = page.getByText(/la memoria è piena/);
  let kept = 0;
  for (; kept < 12; kept++) {
    await photographNoise(page);
    await expect(full.or(page.locator('.photos img').nth(kept)).first()).toBeVisible();
    if (await full.isVisible()) break;
  }
  expect(kept, 'some photos found room').toBeGreaterThan(0);
  expect(kept, 'and then there was none').toBeLessThan(12);
  await crew.note('Dopo: parole sole');
  await crew.queue();
  const here = Number(await crew.count('Su questo telefono').textContent());
  expect(here, 'a note or two, and an edit and bytes for each photo').toBeGreaterThanOrEqual(
    1 + 2 * kept,
  );

  await cdp.send('Storage.overrideQuotaForOrigin', { origin });
  await page.context().setOffline(false);
  await expect(crew.count('Su questo telefono')).toHaveText('0', { timeout: 75_000 });
  const { history } = await office.caseOf(id);
  expect(history.filter((e) => e.kind === 'attach')).toHaveLength(kept);
  expect(history.filter((e) => e.kind === 'note').length).toBe(here - 2 * kept);
});

test('what waits leaves though the page is closed, where the browser wakes the worker', async ({
  browser,
}) => {
  const { title, office, id } = await oneJob('squadra9', 'Pagina chiusa');
  const page = await newPhone(browser);
  const crew = await signIn(page, 'squadra9');
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  await crew.open(title);
  await page.context().setOffline(true);
  await expect(crew.connection).toContainText('Senza rete');
  await crew.note('Scritta e poi chiuso tutto');
  await crew.queue();
  await expect(crew.count('Su questo telefono')).toHaveText('1');
  // Another page of the town stays, so that the worker can be woken by hand.
  const bare = await page.context().newPage();
  await page.context().setOffline(false);
  await page.close();
  await bare.goto('/favicon.svg');
  const cdp = await bare.context().newCDPSession(bare);
  await cdp.send('ServiceWorker.enable');
  const registrationId = await new Promise<string>((done) => {
    cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const one = registrations.find((r) => !r.isDeleted && r.scopeURL === `${SEGNAVIA_URL}/`);
      if (one) done(one.registrationId);
    });
    void cdp.send('ServiceWorker.enable');
  });
  await cdp.send('ServiceWorker.dispatchSyncEvent', {
    origin: SEGNAVIA_URL,
    registrationId,
    tag: 'outbox',
    lastChance: false,
  });
  await expect
    .poll(async () => (await office.caseOf(id)).history.filter((e) => e.kind === 'note').length)
    .toBe(1);
  // The page that opens next is told the answer.
  const again = new CrewPage(await bare.context().newPage());
  await again.page.goto('/crew/queue');
  await expect(again.count('Su questo telefono')).toHaveText('0', { timeout: 30_000 });
  await expect(again.count('Applicate')).toHaveText('1');
  expect((await office.caseOf(id)).history.filter((e) => e.kind === 'note')).toHaveLength(1);
});

test('the town’s map comes to the phone from the program, whole', async ({ browser }) => {
  const page = await newPhone(browser);
  await signIn(page, 'squadra10');
  const about = await page.request.get(`${SEGNAVIA_URL}/api/v1/basemap`);
  test.skip(about.status() === 404, 'the demonstration has no map: SEGNAVIA_DATA is not set');
  const { bytes } = await about.json();
  await page.locator('.tabs').getByRole('link', { name: 'Telefono' }).click();
  await page.getByRole('button', { name: /Scarica la mappa/ }).click();
  await expect(page.getByText(/È qui: 4,0 MB/)).toBeVisible();
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.context().setOffline(true);
  await page.reload();
  await page.getByRole('button', { name: 'Guardala' }).click();
  await expect(page.getByText('OpenStreetMap')).toBeAttached();
  await page.waitForTimeout(2000);
  const drawn = await page.locator('.map-kept canvas').screenshot();
  expect(drawn.length, 'streets, not an empty sheet').toBeGreaterThan(15_000);
  expect(bytes).toBeGreaterThan(3e6);
});

for (const [width, colorScheme, locale] of [
  [360, 'light', 'it-IT'],
  [360, 'dark', 'en-GB'],
  [1280, 'light', 'en-GB'],
  [1280, 'dark', 'it-IT'],
] as const) {
  test(`the phones' page is fit to be shown, ${width} ${colorScheme} ${locale}`, async ({
    browser,
  }) => {
    const english = locale === 'en-GB';
    const context = await browser.newContext({
      viewport: { width, height: 800 },
      colorScheme,
      locale,
    });
    const page = await context.newPage();
    await page.goto('/desk/devices');
    await page.getByLabel(english ? 'User name' : 'Nome utente').fill('caposquadra');
    await page.getByLabel('Password', { exact: true }).fill(userOf('caposquadra').password);
    await page.getByRole('button', { name: english ? 'Sign in' : 'Entra', exact: true }).click();
    await page.locator('.device-row').first().waitFor();
    await page.locator('#invite-user option').first().waitFor({ state: 'attached' });
    await page.getByRole('button', { name: english ? 'Make the code' : 'Crea il codice' }).click();
    await page.locator('img.qr').waitFor();
    await look(page, `devices-${width}-${colorScheme}-${locale.slice(0, 2)}`);
    await page.locator('.device-row button').first().click();
    await look(page, `devices-ask-${width}-${colorScheme}-${locale.slice(0, 2)}`);
  });
}
