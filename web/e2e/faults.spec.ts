import { expect, type Page, test } from '@playwright/test';

/** Against a running demonstration: SEGNAVIA_URL. */
test.skip(!process.env.SEGNAVIA_URL, 'needs a running demonstration');
test.use({ viewport: { width: 360, height: 780 }, serviceWorkers: 'block' });

async function write(page: Page, title: string, asks = true) {
  await page.locator('label[for^="group-"]').filter({ hasText: 'Strade e segnaletica' }).click();
  await page.locator('label.choice', { has: page.locator('input[value="strade.buca"]') }).click();
  if (asks) await page.locator('label.choice', { hasText: 'Come una sedia' }).click();
  await page.locator('#address').fill('Via Balbi 12');
  await page.locator('#title').fill(title);
  await page.locator('#phone').fill('010 555 0000');
}

/** The plain form may ask for what the town still wants, or show what is known, first. */
async function arrived(page: Page, title: string) {
  const receipt = page.getByText('Ricevuta. Grazie!');
  const again = page.locator('[data-errors] #send');
  for (let step = 0; step < 2; step++) {
    await expect(receipt.or(again)).toBeVisible();
    if (await receipt.isVisible()) break;
    const question = page.locator('label.choice', { hasText: 'Come una sedia' });
    if (await question.isVisible()) await question.click();
    await again.click();
  }
  await page.waitForURL(/\/r\/GE\d{8}/);
  await expect(page.getByText('Ricevuta. Grazie!')).toBeVisible();
  await expect(page.getByText(title).first()).toBeVisible();
}

/** What the page said beside its button, kept over the pages of a tab. */
const listen = `addEventListener('DOMContentLoaded', () => {
  const words = document.getElementById('sending');
  const keep = () => sessionStorage.setItem('said', (sessionStorage.getItem('said') ?? '') + words.textContent);
  if (words) new MutationObserver(keep).observe(words, { childList: true });
});`;
const said = (page: Page) => page.evaluate(() => sessionStorage.getItem('said'));

/** A fault of the program, in what sending needs. */
const faults: Record<string, string> = {
  'FormData throws': `
    const Was = FormData;
    window.FormData = class extends Was {
      constructor(...a) {
        super(...a);
        if (a.length === 0) throw new TypeError('a fault');
      }
    };`,
  'no AbortController': 'delete window.AbortController;',
  'fetch is not there': 'delete window.fetch;',
};

for (const [name, script] of Object.entries(faults)) {
  test(`${name}: the plain form sends, and the page says so`, async ({ page }) => {
    await page.addInitScript(script);
    await page.addInitScript(listen);
    await page.goto('/report');
    await expect(page.locator('#report')).toHaveAttribute('data-ready', '');
    const title = `Guasto ${name} ${Date.now()}`;
    await write(page, title, name.startsWith('FormData'));
    await page.locator('#send').click();
    await arrived(page, title);
    expect(await said(page)).toContain('passo al modulo semplice');
  });
}

test('without random numbers the form is the plain one from the start', async ({ page }) => {
  await page.addInitScript(
    'Crypto.prototype.getRandomValues = () => { throw new Error("a fault"); };',
  );
  await page.goto('/report');
  const title = `Guasto a caso ${Date.now()}`;
  await write(page, title);
  await page.locator('#send').click();
  await arrived(page, title);
});

const noStore = `
  IDBFactory.prototype.open = () => { throw new DOMException('a fault', 'InvalidStateError'); };`;

test('without a store the form sends as ever', async ({ page }) => {
  await page.addInitScript(noStore);
  await page.goto('/report');
  const title = `Senza deposito ${Date.now()}`;
  await write(page, title);
  await page.locator('#send').click();
  await arrived(page, title);
});

test('without a store and without network nothing typed is lost, and no promise is made', async ({
  page,
  context,
}) => {
  await page.addInitScript(noStore);
  await page.goto('/report');
  const title = `Senza niente ${Date.now()}`;
  await write(page, title);
  await context.setOffline(true);
  await page.locator('#send').click();
  await expect(page.locator('#sending')).toHaveText(/non può tenere la segnalazione/);
  await expect(page.locator('#title')).toHaveValue(title);
  await expect(page.locator('#send')).not.toHaveAttribute('aria-disabled', 'true');
  await context.setOffline(false);
  await page.locator('#send').click();
  await arrived(page, title);
});

test('a draft that the program cannot send waits for its person, and leaves by its page', async ({
  page,
  context,
}) => {
  await page.goto('/report');
  await expect(page.locator('#report')).toHaveAttribute('data-ready', '');
  const title = `Bozza guasta ${Date.now()}`;
  await write(page, title);
  await page.route('**/report', (route) =>
    route.request().method() === 'POST' ? route.abort('internetdisconnected') : route.continue(),
  );
  await page.locator('#send').click();
  await page.waitForURL('**/drafts');
  const other = await context.newPage();
  await page.close();
  await other.addInitScript(faults['FormData throws'] ?? '');
  await other.goto('/drafts');
  const draft = other.locator('#drafts li').filter({ hasText: title });
  await expect(draft).toContainText('Da qui non riesco a inviarla');
  await expect(draft).not.toContainText('Parte da sola');
  await draft.getByRole('link', { name: 'Continua' }).click();
  await expect(other.locator('#title')).toHaveValue(title);
  await other.locator('#send').click();
  await arrived(other, title);
});

test('who joins a report sends none, where a browser does not tell what was pressed', async ({
  page,
}) => {
  await page.addInitScript('delete SubmitEvent.prototype.submitter;');
  await page.goto('/report');
  await expect(page.locator('#report')).toHaveAttribute('data-ready', '');
  await write(page, `Non va inviata ${Date.now()}`);
  await page.locator('#address').blur();
  await page.locator('#similar li button').first().click();
  await page.waitForURL(/\/r\/GE\d{8}\?done=follow\.done/);
});
