import { type Browser, expect, type Page, test } from '@playwright/test';

/** Against a running demonstration: SEGNAVIA_URL. A browser without script sends a
 * report again in all the ways that people do. */
test.skip(!process.env.SEGNAVIA_URL, 'needs a running demonstration');

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
  await write(page, `Due volte ${Date.now()}`);
  let posts = 0;
  page.on('request', (r) => {
    if (r.method() === 'POST') posts++;
  });
  await page.locator('#send').dblclick();
  const code = await send(page);
  expect(posts).toBeGreaterThan(0);
  await page.goto(`${code}`);
  await expect(page.getByText(/Due volte/).first()).toBeVisible();
  await page.context().close();
});
