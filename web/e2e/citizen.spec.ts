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
    await expect(page.getByText('finché non confermi')).toBeVisible();
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
