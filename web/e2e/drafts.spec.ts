import AxeBuilder from '@axe-core/playwright';
import { type BrowserContext, expect, type Page, test } from '@playwright/test';

/** Against a running demonstration: SEGNAVIA_URL. */
test.skip(!process.env.SEGNAVIA_URL, 'needs a running demonstration');

const phone = { width: 360, height: 780 };

/** The page whose script has put back what was written before. */
async function ready(page: Page) {
  await expect(page.locator('#report')).toHaveAttribute('data-ready', '');
}

/** The form, once its worker has everything that it needs without network. */
async function openForm(context: BrowserContext) {
  const page = await context.newPage();
  await page.goto('/report');
  await page.evaluate(async () => {
    for (const scope of ['/report', '/drafts']) {
      for (;;) {
        const worker = await navigator.serviceWorker.getRegistration(scope);
        if (worker?.active?.state === 'activated') break;
        await new Promise((done) => setTimeout(done, 50));
      }
    }
  });
  await page.reload();
  await ready(page);
  return page;
}

async function write(page: Page, title: string) {
  await page.locator('label[for^="group-"]').filter({ hasText: 'Strade e segnaletica' }).click();
  await page.locator('label.choice', { has: page.locator('input[value="strade.buca"]') }).click();
  await page.locator('label.choice', { hasText: 'Come una sedia' }).click();
  await page.locator('#address').fill('Via Balbi 12');
  await page.locator('#title').fill(title);
  await page.locator('#phone').fill('010 555 0000');
  await page.locator('input[type="file"]').first().setInputFiles('e2e/fixtures/before.jpg');
  await expect(page.locator('.shots li')).toHaveCount(1);
}

/** How many public reports have a title, by the town's own list. */
async function inTown(page: Page, title: string): Promise<number> {
  const answer = await page.request.get('/api/v1/reports?limit=100');
  const { reports } = (await answer.json()) as { reports: { title?: string }[] };
  return reports.filter((r) => r.title === title).length;
}

const kept = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<string>((done) => {
        const asked = indexedDB.open('segnavia.citizen');
        asked.onsuccess = () => {
          const all = asked.result.transaction('drafts').objectStore('drafts').getAll();
          all.onsuccess = () => done(JSON.stringify(all.result));
        };
      }),
  );

test('two drafts without network are two reports', async ({ browser }) => {
  test.setTimeout(120_000);
  const context = await browser.newContext({ viewport: phone, locale: 'it-IT' });
  const page = await openForm(context);
  // What is kept of the form serves many reports: the town's nonce of one is not in it.
  const form = await page.evaluate(async () => {
    const found = await caches.match('/report', { ignoreVary: true });
    return (await found?.text()) ?? '';
  });
  expect(form).toContain('name="nonce" value=""');
  const run = Date.now();
  const titles = [`Prima bozza ${run}`, `Seconda bozza ${run}`];

  await test.step('both are written without network', async () => {
    await context.setOffline(true);
    for (const title of titles) {
      await page.goto('/report');
      await ready(page);
      await write(page, title);
      await page.locator('#send').click();
      await page.waitForURL('**/drafts');
      await expect(page.locator('#drafts li').filter({ hasText: title })).toContainText(
        'Parte da sola',
      );
    }
    await expect(page.locator('#drafts li')).toHaveCount(2);
    const found = await new AxeBuilder({ page }).analyze();
    expect(found.violations.map((v) => v.id)).toEqual([]);
  });

  await test.step('the network is back, with three pages open', async () => {
    const others = [await context.newPage(), await context.newPage()];
    for (const other of others) await other.goto('/drafts');
    await context.setOffline(false);
    await Promise.all(
      [page, ...others].map((p) => p.evaluate(() => dispatchEvent(new Event('online')))),
    );
    await page.bringToFront();
    await expect(page.locator('#drafts li').filter({ hasText: 'Arrivata' })).toHaveCount(2, {
      timeout: 30_000,
    });
    await page.reload();
    await page.evaluate(() => dispatchEvent(new Event('online')));
  });

  for (const title of titles) expect(await inTown(page, title)).toBe(1);
  // What was written is in the town now, and no longer here.
  expect(await kept(page)).not.toContain('010 555 0000');

  const receipt = page
    .locator('#drafts li')
    .filter({ hasText: `Prima bozza ${run}` })
    .getByText('Vedi la ricevuta');
  await receipt.click();
  await page.waitForURL(/\/r\/GE\d{8}\?thanks=1/);
  await expect(page.getByText('Ricevuta. Grazie!')).toBeVisible();
  await expect(page.getByText(/\d{3} \d{3}/).first()).toBeVisible();
  await expect(page.getByText('Come una sedia')).toBeVisible();
  await expect
    .poll(async () => {
      await page.reload();
      return page.locator('.photos img').count();
    })
    .toBe(1);
  await page.goto('/drafts');
  await expect(page.locator('#drafts li')).toHaveCount(1); // its receipt has been seen
  await context.close();
});

test('an answer that is lost on the way does not make a second report', async ({ browser }) => {
  const context = await browser.newContext({
    viewport: phone,
    locale: 'it-IT',
    serviceWorkers: 'block',
  });
  const page = await context.newPage();
  const title = `Risposta persa ${Date.now()}`;
  await page.goto('/report');
  await ready(page);
  await write(page, title);
  let lost = 0;
  await page.route('**/report', async (route) => {
    if (route.request().method() !== 'POST' || lost > 0) return route.continue();
    lost++;
    await route.fetch(); // the town has it, and its answer never comes
    await route.abort('connectionreset');
  });
  await page.locator('#send').click();
  await page.waitForURL('**/drafts');
  await expect(page.locator('#drafts li').filter({ hasText: 'Arrivata' })).toHaveCount(1);
  expect(lost).toBe(1);
  expect(await inTown(page, title)).toBe(1);
  await context.close();
});

test('drafts are kept side by side, go on, and are thrown away', async ({ browser }) => {
  const context = await browser.newContext({ viewport: phone, locale: 'it-IT' });
  const page = await context.newPage();
  await page.goto('/report');
  await ready(page);
  await page.locator('#title').fill('La prima');
  await page.locator('#email').fill('ada@example.org');
  await expect.poll(() => kept(page)).toContain('La prima');
  await page.goto('/report');
  await ready(page);
  await expect(page.locator('#title')).toHaveValue('La prima');
  await page.getByRole('button', { name: 'Ricomincia da capo' }).click();
  await page.locator('#title').fill('La seconda');
  await expect.poll(() => kept(page)).toContain('La seconda');
  expect(await kept(page)).not.toContain('ada@example.org');
  await page.goto('/drafts');
  await expect(page.locator('#drafts li')).toHaveCount(2);
  await page.locator('#drafts li').filter({ hasText: 'La prima' }).getByText('Continua').click();
  await ready(page);
  await expect(page.locator('#title')).toHaveValue('La prima');
  await page.goto('/drafts');
  const second = page.locator('#drafts li').filter({ hasText: 'La seconda' });
  await second.getByText('Butta').click();
  await second.getByText('Tocca ancora').click();
  await expect(page.locator('#drafts li')).toHaveCount(1);
  await context.close();
});

test('a draft leaves by background sync, with no page of the town open', async ({ browser }) => {
  test.setTimeout(90_000);
  const context = await browser.newContext({ viewport: phone, locale: 'it-IT' });
  const page = await openForm(context);
  const title = `Bozza di sfondo ${Date.now()}`;
  await context.setOffline(true);
  await page.goto('/report');
  await ready(page);
  await write(page, title);
  await page.locator('#send').click();
  await page.waitForURL('**/drafts');
  await expect(page.locator('#drafts li').filter({ hasText: title })).toContainText(
    'Parte da sola',
  );
  const tags = await page.evaluate(async () => {
    const worker = await navigator.serviceWorker.getRegistration('/report');
    const { sync } = worker as unknown as { sync: { getTags: () => Promise<string[]> } };
    return sync.getTags();
  });
  expect(tags).toContain('send');

  // The browser tells the worker that the network is back, now or when it is asked to;
  // nobody else is there to.
  const browserSide = await context.newCDPSession(page);
  const registrations = new Map<string, string>();
  browserSide.on('ServiceWorker.workerRegistrationUpdated', (e) => {
    for (const r of e.registrations) registrations.set(r.scopeURL, r.registrationId);
  });
  await browserSide.send('ServiceWorker.enable');
  await page.goto('about:blank');
  expect(await inTown(page, title)).toBe(0);
  await context.setOffline(false);
  const origin = new URL(process.env.SEGNAVIA_URL ?? '').origin;
  await expect.poll(() => registrations.get(`${origin}/report`)).toBeTruthy();
  await browserSide.send('ServiceWorker.dispatchSyncEvent', {
    origin,
    registrationId: registrations.get(`${origin}/report`) ?? '',
    tag: 'send',
    lastChance: false,
  });
  await expect.poll(() => inTown(page, title), { timeout: 30_000 }).toBe(1);

  await page.goto('/drafts');
  await expect(page.locator('#drafts li').filter({ hasText: title })).toContainText('Arrivata');
  expect(await kept(page)).not.toContain('010 555 0000');
  await context.close();
});
