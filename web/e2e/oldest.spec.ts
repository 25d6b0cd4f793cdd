import { type Browser, expect, type Page, test } from '@playwright/test';
import { userOf } from './office';
import { citizensLack, crewsLack, mapsLack, openOlder } from './older';
import { CrewPage } from './pages/crew';

/** Against a running demonstration: SEGNAVIA_URL and SEGNAVIA_DEMO, its demo.json. */
const url = process.env.SEGNAVIA_URL ?? '';
test.skip(!url, 'needs a running demonstration');
test.describe.configure({ mode: 'parallel' });

/** Uses a page once for each thing that an older browser lacks, in a browser without it,
 * workers included. What the page reports as its own fault is a failure too. */
async function oneByOne(
  browser: Browser,
  lacks: [string, string][],
  use: (page: Page, name: string, town: Awaited<ReturnType<typeof openOlder>>) => Promise<void>,
) {
  expect(lacks.length).toBeGreaterThan(3);
  const town = await openOlder(url);
  for (const [name, script] of lacks) {
    await test.step(`without ${name}`, async () => {
      town.begin(script);
      const context = await browser.newContext({
        viewport: { width: 360, height: 780 },
        locale: 'it-IT',
        baseURL: town.url,
      });
      await context.addInitScript(script);
      const page = await context.newPage();
      const faults: string[] = [];
      page.on('pageerror', (err) => faults.push(String(err)));
      await use(page, name, town);
      expect(faults, `without ${name}`).toEqual([]);
      await context.close();
    });
  }
  town.close();
}

async function fill(page: Page, title: string) {
  await page.locator('label[for^="group-"]').filter({ hasText: 'Strade e segnaletica' }).click();
  await page.locator('label.choice', { has: page.locator('input[value="strade.buca"]') }).click();
  await page.locator('label.choice', { hasText: 'Come una sedia' }).click();
  await page.locator('#address').fill('Via Balbi 12');
  await page.locator('#title').fill(title);
}

const ready = (page: Page) => expect(page.locator('#report')).toHaveAttribute('data-ready', '');

test('the form comes to its receipt, with its photo, without any newer interface', async ({
  browser,
}) => {
  test.setTimeout(180_000);
  await oneByOne(browser, citizensLack(), async (page, name, town) => {
    await page.goto('/report');
    await ready(page);
    await fill(page, `Senza ${name}`);
    await page.locator('input[type=file]').first().setInputFiles('e2e/fixtures/before.jpg');
    await page.locator('#send').click();
    await page.waitForURL(/\/r\/GE\d{8}\?thanks=1/);
    await expect(page.getByText('Ricevuta. Grazie!')).toBeVisible();
    expect(town.posted(), 'its photo').toContain('filename="before.jpg"');
  });
});

test('a crew signs in and makes a note without any newer interface', async ({ browser }) => {
  test.setTimeout(180_000);
  const { login, password } = userOf('squadra');
  await oneByOne(browser, crewsLack(), async (page, name) => {
    const crew = new CrewPage(page);
    await crew.signIn(login, password);
    await page.locator('main a[href*="/crew/job/"], main .card a').first().click();
    await crew.note(`Senza ${name}`);
    await expect(page.getByText(`Senza ${name}`).first()).toBeVisible();
    await crew.queue();
    await expect(crew.count('Applicate')).toHaveText('1');
  });
});

test('the list’s map is drawn or the page says that it cannot, and the list stays', async ({
  browser,
}) => {
  test.setTimeout(240_000);
  const none = ['WebGL 2', 'module workers'];
  await oneByOne(browser, mapsLack(), async (page, name) => {
    await page.goto('/reports');
    await page.getByRole('button', { name: 'Mostra la mappa' }).click();
    if (none.includes(name)) {
      await expect(page.locator('#map-tools [role=status]')).not.toBeEmpty();
      await expect(page.locator('#map')).toBeHidden();
    } else {
      await drawn(page);
    }
    await expect(page.locator('main .cards li').first()).toBeVisible();
  });
});

/** A sheet without streets weighs a few kilobytes. */
async function drawn(page: Page) {
  const canvas = page.locator('.maplibregl-canvas');
  await canvas.waitFor();
  await expect(async () => {
    expect((await canvas.screenshot()).length).toBeGreaterThan(12_000);
  }).toPass({ timeout: 15_000 });
}
