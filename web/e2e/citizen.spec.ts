import AxeBuilder from '@axe-core/playwright';
import { type Browser, expect, type Page, test } from '@playwright/test';

/** Against a running demonstration: SEGNAVIA_URL. */
test.skip(!process.env.SEGNAVIA_URL, 'needs a running demonstration');

type Known = { code: string; title?: string; address?: string; followers?: number };

async function openReport(page: Page): Promise<Known> {
  const answer = await page.request.get('/api/v1/reports?status=open&limit=100');
  const { reports } = (await answer.json()) as { reports: Known[] };
  const found = reports.find((r) => r.title && r.address && r.followers);
  if (!found) throw new Error('the town has no followed report');
  return found;
}

const open = (browser: Browser, javaScriptEnabled: boolean) =>
  browser.newContext({ viewport: { width: 360, height: 780 }, locale: 'it-IT', javaScriptEnabled });

/** A request for help, from the first page to its code. */
async function askForHelp(page: Page) {
  await page.goto('/');
  await page.getByRole('link', { name: /Chiedi aiuto a un ufficio/ }).click();
  await page.locator('label.choice', { hasText: 'Aiuto con documenti' }).click();
  await page.locator('#description').fill('Devo rifare la carta di mia madre.');
  await page.locator('#name').fill('Ada');
  await page.locator('#surname').fill('Verdi');
  await page.locator('#phone').fill('010 555 0000');
  await page.locator('#send').click();
}

test('each screen is clean, at each size and in each scheme', async ({ browser }) => {
  test.setTimeout(480_000);
  const first = await (await open(browser, true)).newPage();
  const { code } = await openReport(first);
  await first.context().close();
  const screens = [
    '/',
    '/report',
    '/report?kind=assistance',
    '/report?service=strade.buca',
    '/reports',
    `/r/${code}`,
  ];
  screens.push(
    '/subscriptions',
    '/drafts',
    '/privacy',
    '/accessibility',
    '/service-levels',
    '/r?code=x',
  );
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [width, forcedColors] of [
      [320, 'none'],
      [360, 'none'],
      [1280, 'none'],
      [360, 'active'],
    ] as const) {
      const context = await browser.newContext({
        viewport: { width, height: 800 },
        colorScheme,
        forcedColors,
        locale: 'it-IT',
      });
      const page = await context.newPage();
      for (const path of screens) {
        await page.goto(path);
        const found = await new AxeBuilder({ page }).analyze();
        const where = `${path} at ${width} px, ${colorScheme}, forced colours ${forcedColors}`;
        expect(
          found.violations.map((v) => `${v.id}: ${v.nodes[0]?.html}`),
          where,
        ).toEqual([]);
        // 320 px is 1280 px at 400 %: nothing may stick out.
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(wide, where).toBeLessThanOrEqual(width);
      }
      await context.close();
    }
  }
});

for (const script of [true, false]) {
  const how = script ? 'with script' : 'without script';

  test(`questions, help and the rating, ${how}`, async ({ browser }) => {
    const context = await open(browser, script);
    const page = await context.newPage();
    await askForHelp(page);
    if (!script) {
      // What the service asks comes as a second step.
      await expect(page.getByText('Manca poco')).toBeVisible();
      await page.locator('label.choice', { hasText: 'Residenza' }).last().click();
      await page.locator('#send').click();
    }
    await page.waitForURL(/\/r\/GE\d{8}/);
    await expect(page.getByText('La tua richiesta è arrivata')).toBeVisible();
    await expect(page.getByText(/GE \d{4} \d{4}/).first()).toBeVisible();
    await page.getByRole('button', { name: '2 su 5, poco facile' }).click();
    await expect(page.getByText('Grazie del voto')).toBeVisible();
    await page.locator('label.choice', { hasText: 'Qualcosa non funzionava' }).click();
    await page.getByRole('button', { name: 'Invia il parere' }).click();
    await expect(page.getByText('abbiamo il tuo parere')).toBeVisible();
    await expect(page.getByText('Ricevuta. Grazie!')).toBeVisible();
    await page.getByText('Cancella i miei dati').click();
    await page.getByRole('button', { name: 'Chiedi di cancellare' }).click();
    await expect(page.getByText('Richiesta ricevuta')).toBeVisible();
    await context.close();
  });

  test(`what is known nearby, and me too, ${how}`, async ({ browser }) => {
    const context = await open(browser, script);
    const page = await context.newPage();
    const known = await openReport(page);
    await page.goto('/report');
    await page.locator('#address').fill(known.address ?? '');
    if (script) await page.locator('#address').blur();
    else await page.getByRole('button', { name: 'Guarda se lo sappiamo già' }).click();
    const card = page.locator('#similar li').first();
    await expect(card).toBeVisible();
    const code = /GE\d{8}/.exec((await card.locator('a').getAttribute('href')) ?? '')?.[0] ?? '';
    const before = await followers(page, code);
    await card.getByRole('button', { name: "Anch'io" }).click();
    await page.waitForURL(`**/r/${code}?done=follow.done`);
    await expect(page.getByText('ti abbiamo contato')).toBeVisible();
    expect(await followers(page, code)).toBe(before + 1);
    await page.locator('#hear_email').fill('ada@example.org');
    await page.getByRole('button', { name: 'Fammi sapere' }).click();
    await expect(page.getByText('ti scriviamo quando cambia')).toBeVisible();
    expect(await followers(page, code)).toBe(before + 1);
    await page.getByText('Non vuoi più?').click();
    await page.getByRole('button', { name: 'non scrivetemi più' }).click();
    await expect(page.getByText('Abbiamo tolto il tuo indirizzo')).toBeVisible();
    await context.close();
  });
}

async function followers(page: Page, code: string): Promise<number> {
  const answer = await page.request.get(`/api/v1/reports/${code}`);
  const { public: seen } = (await answer.json()) as { public: Known };
  return seen.followers ?? 0;
}

test('help is asked for by keyboard alone', async ({ browser }) => {
  const context = await open(browser, true);
  const page = await context.newPage();
  await page.goto('/report?kind=assistance');
  await expect(page.locator('#report')).toHaveAttribute('data-ready', '');
  const to = async (selector: string) => {
    for (let n = 0; n < 80; n++) {
      await page.keyboard.press('Tab');
      if (await page.evaluate((s) => document.activeElement?.matches(s), selector)) return;
    }
    throw new Error(`no way to ${selector} by Tab`);
  };
  await to('input[name=service]');
  await page.keyboard.press('Space');
  for (const [field, words] of [
    ['#description', 'Ho ricevuto un avviso e non lo capisco.'],
    ['#name', 'Ada'],
    ['#surname', 'Verdi'],
    ['#phone', '010 555 0000'],
  ] as const) {
    await to(field);
    await page.keyboard.type(words);
  }
  await to('#send');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/r\/GE\d{8}/);
  await to('.scores button');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Grazie del voto')).toBeVisible();
  await context.close();
});

test('four taps send a report from where one stands', async ({ browser }) => {
  const context = await browser.newContext({
    viewport: { width: 360, height: 780 },
    locale: 'it-IT',
    geolocation: { longitude: 8.93, latitude: 44.41 },
    permissions: ['geolocation'],
    hasTouch: true,
  });
  const page = await context.newPage();
  await page.goto('/report');
  await expect(page.locator('#report')).toHaveAttribute('data-ready', '');
  await page.locator('label[for^="group-"]').filter({ hasText: 'Strade e segnaletica' }).tap();
  await page.locator('label.choice', { hasText: 'Buca in strada' }).tap();
  await page.locator('#gps').tap();
  await expect(page.locator('input[name="lon"]')).toHaveValue(/^8\.93/);
  await page.locator('#send').tap();
  await page.waitForURL(/\/r\/GE\d{8}/);
  await context.close();
});

test('the form is there in time on a slow network and a slow phone', async ({ browser }) => {
  const context = await browser.newContext({
    viewport: { width: 360, height: 780 },
    locale: 'it-IT',
    serviceWorkers: 'block',
  });
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.enable');
  await cdp.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 400,
    downloadThroughput: 400_000 / 8,
    uploadThroughput: 400_000 / 8,
  });
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await page.goto('/report', { waitUntil: 'load' });
  const largest = await page.evaluate(
    () =>
      new Promise<number>((done) => {
        new PerformanceObserver((list) => done(list.getEntries().at(-1)?.startTime ?? 0)).observe({
          type: 'largest-contentful-paint',
          buffered: true,
        });
      }),
  );
  console.log(`largest paint of the form after ${Math.round(largest)} ms`);
  expect(largest).toBeGreaterThan(0);
  expect(largest).toBeLessThan(2500);
  await context.close();
});
