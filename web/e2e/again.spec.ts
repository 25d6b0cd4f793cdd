import { readFileSync } from 'node:fs';
import { type Browser, expect, type Page, test } from '@playwright/test';

/** Against a running demonstration: SEGNAVIA_URL. A browser without script sends a
 * report again in all the ways that people do. */
const { SEGNAVIA_URL = '', SEGNAVIA_DEMO = '' } = process.env;
test.skip(!SEGNAVIA_URL || !SEGNAVIA_DEMO, 'needs a running demonstration');

async function write(page: Page, words: string) {
  await page.goto('/report');
  await page.locator('#address').fill('Via Balbi 5');
  await page.locator('#description').fill(words);
  await choose(page);
}

async function choose(page: Page) {
  const group = page.locator('.group').first();
  await group.locator('label').first().click();
  await group.locator('.services input').first().check({ force: true });
}

/** Presses on, past what the town wants looked at, to the receipt; gives its code. */
async function send(page: Page): Promise<string> {
  for (let press = 0; press < 4 && !page.url().includes('/r/'); press++) {
    await page.locator('#send').click();
  }
  await page.waitForURL(/\/r\/GE\d{8}\?thanks=1/);
  return new URL(page.url()).pathname;
}

/** How many reports the office has with these words. */
async function reportsOf(words: string): Promise<number> {
  const { devices } = JSON.parse(readFileSync(SEGNAVIA_DEMO, 'utf8')) as {
    devices: { login: string; token: string }[];
  };
  const token = devices.find((d) => d.login === 'operatrice')?.token;
  const ask = (path: string, init?: RequestInit) =>
    fetch(`${SEGNAVIA_URL}${path}`, { ...init, headers: { authorization: `Bearer ${token}` } });
  const hello = await ask('/sync/hello', { method: 'POST', body: JSON.stringify({ proto: 1 }) });
  const { offer } = (await hello.json()) as { offer: string[] };
  let found = 0;
  for (const scope of offer.filter((s) => s.startsWith('desk:'))) {
    const rows = await ask(`/sync/snapshot?scope=${scope}`);
    expect(rows.status).toBe(200);
    found += (await rows.text()).split('\n').filter((line) => line.includes(words)).length;
  }
  return found;
}

const plain = (browser: Browser) =>
  browser.newContext({ javaScriptEnabled: false, locale: 'it-IT' }).then((c) => c.newPage());

test('going back and pressing again, without script, shows the receipt of the same report', async ({
  browser,
}) => {
  const page = await plain(browser);
  await write(page, `Torno indietro ${Date.now()}`);
  const first = await send(page);
  // A page that answered a form is not shown again without asking; the one before is.
  for (let n = 0; n < 6 && (await page.locator('#description').count()) === 0; n++) {
    await page.goBack().catch(() => undefined);
  }
  await expect(page.locator('#description')).toHaveValue(/Torno indietro/);
  // Browsers leave out what is not to be completed by itself.
  await page.locator('#address').fill('Via Balbi 5');
  await choose(page);
  expect(await send(page)).toBe(first);
  await page.context().close();
});

test('pressing twice, without script, is one report', async ({ browser }) => {
  const page = await plain(browser);
  const words = `Due volte ${Date.now()}`;
  await write(page, words);
  await page.locator('#send').dblclick();
  await send(page);
  expect(await reportsOf(words)).toBe(1);
  await page.context().close();
});
