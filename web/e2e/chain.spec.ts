import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { CrewPage } from './pages/crew';
import { DeskPage } from './pages/desk';

/** Against a running demonstration: SEGNAVIA_URL and SEGNAVIA_DEMO, its demo.json. */
const { SEGNAVIA_URL, SEGNAVIA_DEMO = '' } = process.env;
test.skip(!SEGNAVIA_URL || !SEGNAVIA_DEMO, 'needs a running demonstration');

type Demo = { users: { role: string; login: string; password: string }[] };
const demo = (): Demo => JSON.parse(readFileSync(SEGNAVIA_DEMO, 'utf8'));
const password = (login: string) => demo().users.find((u) => u.login === login)?.password ?? '';

const place = { longitude: 8.93, latitude: 44.41 };
const phone = { width: 360, height: 780 };
const before = 'e2e/fixtures/before.jpg';
const after = 'e2e/fixtures/after.jpg';

/** axe-core finds nothing on a page at either size. */
async function clean(page: Page) {
  for (const width of [360, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    const found = await new AxeBuilder({ page }).exclude('canvas').analyze();
    expect(found.violations.map((v) => `${v.id}: ${v.nodes[0]?.html}`)).toEqual([]);
  }
  await page.setViewportSize(phone);
}

/** The crew whose street it is, with its list open and live. */
async function openCrew(browser: Browser) {
  const page = await (await browser.newContext({ viewport: phone, locale: 'it-IT' })).newPage();
  const crew = new CrewPage(page);
  await crew.signIn('squadra', password('squadra'));
  await expect(crew.connection).toContainText('Collegato');
  return crew;
}

async function choosePothole(page: Page) {
  await page.locator('label[for^="group-"]').filter({ hasText: 'Strade e segnaletica' }).click();
  await page.locator('label.choice', { has: page.locator('input[value="strade.buca"]') }).click();
}

/** Where a person reads the code and the PIN that they take home. */
async function receipt(page: Page) {
  await page.waitForURL(/\/r\/GE\d{8}/);
  const code = /GE\d{8}/.exec(page.url())?.[0] ?? '';
  const spoken = `${code.slice(0, 2)} ${code.slice(2, 6)} ${code.slice(6)}`;
  await expect(page.getByText(spoken).first()).toBeVisible();
  await expect(page.getByText(/\b\d{3} ?\d{3}\b/).first()).toBeVisible();
  return code;
}

const tileOf = (z: number) => {
  const n = 2 ** z;
  const lat = (place.latitude * Math.PI) / 180;
  const x = Math.floor(((place.longitude + 180) / 360) * n);
  const y = Math.floor(((1 - Math.asinh(Math.tan(lat)) / Math.PI) / 2) * n);
  return `/tiles/reports/${z}/${x}/${y}.mvt`;
};

test('a pin reaches a crew and its answer comes back', async ({ browser }) => {
  test.setTimeout(180_000);
  const title = `Buca davanti alla scuola ${Date.now()}`;
  const crew = await openCrew(browser);
  const context = await browser.newContext({
    viewport: phone,
    locale: 'it-IT',
    geolocation: place,
    permissions: ['geolocation'],
  });
  const citizen = await context.newPage();

  await test.step('a person pins a problem with a photo', async () => {
    await citizen.goto('/');
    await clean(citizen);
    await citizen.goto('/report');
    await choosePothole(citizen);
    await citizen.locator('#gps').click();
    await expect(citizen.locator('input[name="lon"]')).toHaveValue(/^8\.93/);
    await citizen.locator('#title').fill(title);
    await citizen.locator('#description').fill('Profonda come un pallone, proprio sulle strisce.');
    await citizen.locator('input[type="file"]').first().setInputFiles(before);
    await clean(citizen);
    await citizen.locator('#send').click();
  });
  const code = await receipt(citizen);
  await clean(citizen);

  await test.step('it is on the crew’s open screen', async () => {
    await expect(crew.job(title)).toBeVisible({ timeout: 10_000 });
  });

  await test.step('it is on the map and in the list', async () => {
    const tile = await citizen.request.get(tileOf(18));
    expect((await tile.body()).toString('latin1')).toContain(code);
    const low = await citizen.request.get(tileOf(10));
    expect((await low.body()).length).toBeGreaterThan(50);
    await citizen.goto('/reports');
    await expect(citizen.getByText(title)).toBeVisible();
    await clean(citizen);
  });

  await test.step('the crew resolves it with a note and a photo', async () => {
    await crew.open(title);
    await clean(crew.page);
    await crew.start();
    await crew.note('Riempita con asfalto a freddo');
    await crew.photograph('after', after);
    await crew.page.getByRole('button', { name: 'Ho finito' }).click();
    const reason = crew.page.getByRole('dialog').getByRole('textbox');
    if (await reason.isVisible()) await reason.fill('Buca riempita');
    await crew.page.getByRole('button', { name: 'Lavoro finito' }).click();
    await crew.queue();
    await expect(crew.count('Su questo telefono')).toHaveText('0', { timeout: 30_000 });
  });

  const desk = new DeskPage(await (await browser.newContext({ locale: 'it-IT' })).newPage());
  await test.step('the office answers', async () => {
    await desk.signIn('operatrice', password('operatrice'));
    await desk.queue('Chiuse da poco').click();
    await desk.open(title);
    await clean(desk.page);
    await desk.reply('La buca è chiusa: la squadra è passata oggi. Grazie per averlo detto.', true);
    await expect(desk.page.getByText('La buca è chiusa').first()).toBeVisible();
  });

  await test.step('the person reads the answer', async () => {
    // The office sees its words at once, before they have reached the town.
    await expect(async () => {
      await citizen.goto(`/r/${code}`);
      await expect(citizen.getByText('La buca è chiusa').first()).toBeVisible({ timeout: 1000 });
    }).toPass({ timeout: 15_000 });
    await expect(citizen.getByText(/Risolta/).first()).toBeVisible();
    await expect(citizen.getByText('Riempita con asfalto')).toHaveCount(0);
    await expect
      .poll(async () => {
        await citizen.reload();
        return citizen.locator(`img[src^="/media/reports/"]`).count();
      })
      .toBeGreaterThanOrEqual(2);
    await clean(citizen);
  });
});

test('the same without JavaScript', async ({ browser }) => {
  const context = await browser.newContext({
    viewport: phone,
    locale: 'it-IT',
    javaScriptEnabled: false,
  });
  const page = await context.newPage();
  const title = `Senza script ${Date.now()}`;
  await page.goto('/report');
  await choosePothole(page);
  await page.locator('#address').fill('Via XX Settembre 12');
  await page.locator('#title').fill(title);
  await page.locator('input[type="file"]').first().setInputFiles(before);
  await page.locator('#phone').fill('010 555 0000');
  await page.locator('#send').click();
  // What a pothole is asked about comes as a second step.
  await expect(page.getByText('Manca poco')).toBeVisible();
  await page.locator('#send').click();
  const code = await receipt(page);
  await page.goto('/reports');
  await expect(page.getByText(title)).toBeVisible();
  await context.clearCookies();
  await page.goto(`/r/${code}`);
  await expect(page.getByText('010 555 0000')).toHaveCount(0);
});

test('a report that nobody can place is put on the map by the office, and goes to a crew', async ({
  browser,
}) => {
  const citizen = await (await browser.newContext({ viewport: phone, locale: 'it-IT' })).newPage();
  const title = `Senza posto ${Date.now()}`;
  await citizen.goto('/report');
  await choosePothole(citizen);
  await citizen.locator('#address').fill('dietro il campanile grande');
  await citizen.locator('#title').fill(title);
  await citizen.locator('#send').click();
  await receipt(citizen);

  const page = await (
    await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'it-IT' })
  ).newPage();
  const desk = new DeskPage(page);
  await desk.signIn('operatrice', password('operatrice'));
  await desk.queue('Senza posto').click();
  await desk.open(title);
  await page.getByRole('button', { name: 'Metti il punto sulla mappa' }).click();
  await page.getByLabel('Cerca la via').fill('v. balbi');
  await page.getByRole('button', { name: 'Cerca', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Via Balbi' })).toBeVisible();
  await clean(page);
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.getByRole('button', { name: 'È qui' }).click();
  await expect(page.getByText('Il punto è sulla mappa')).toBeVisible();
  await expect(desk.status).toContainText('Affidata');
  await citizen.reload();
  await expect(citizen.getByText('Affidata a una squadra').first()).toBeVisible();
});
