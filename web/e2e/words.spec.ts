import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { DeskPage } from './pages/desk';

/** Against a running demonstration: SEGNAVIA_URL and SEGNAVIA_DEMO, its demo.json. */
const url = process.env.SEGNAVIA_URL;
const file = process.env.SEGNAVIA_DEMO;
test.skip(!url || !file, 'needs a running demonstration');

type Demo = { users: { role: string; login: string; password: string }[] };

async function report(page: Page, title: string, words: string): Promise<string> {
  const sent = await page.request.post('/report', {
    form: {
      service: 'strade.buca',
      asked: 'strade.buca',
      'attribute[grande]': 'sedia',
      address: 'Via Balbi 12',
      title,
      description: words,
      seen: '1',
    },
    headers: { Accept: 'application/json' },
  });
  expect(sent.status(), await sent.text()).toBe(201);
  return ((await sent.json()) as { code: string }).code;
}

const spoken = (code: string) => `${code.slice(0, 2)} ${code.slice(2, 6)} ${code.slice(6)}`;

test('words with a telephone wait for the office, and a wish to be forgotten is a queue', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const demo = JSON.parse(readFileSync(file ?? '', 'utf8')) as Demo;
  const citizen = await (await browser.newContext({ locale: 'it-IT' })).newPage();
  const run = Date.now();
  const code = await report(citizen, `Buca ${run}`, 'Chiamatemi al 333 1234567, grazie');
  await citizen.goto(`/r/${code}`);
  await expect(citizen.locator('[data-withheld]')).toContainText("persona dell'ufficio");
  const anybody = await (await browser.newContext({ locale: 'it-IT' })).newPage();
  await anybody.goto(`/r/${code}`);
  await expect(anybody.getByRole('heading', { level: 1 })).toHaveText('Buca in strada');
  await expect(anybody.getByText('333 1234567')).toHaveCount(0);

  const office = await browser.newContext({ locale: 'it-IT' });
  const desk = new DeskPage(await office.newPage());
  const who = demo.users.find((u) => u.role === 'operator');
  if (!who) throw new Error('the demonstration has no operator');
  await desk.signIn(who.login, who.password);
  await desk.page.getByRole('button', { name: 'Da guardare' }).click();
  await desk.page.getByRole('link', { name: spoken(code) }).click();
  const why = desk.page.locator('[data-withheld]');
  await expect(why).toContainText('un numero di telefono');
  await why.getByRole('button', { name: 'Correggi il testo' }).click();
  const dialog = desk.page.getByRole('dialog');
  const found = await new AxeBuilder({ page: desk.page }).analyze();
  expect(found.violations.map((v) => v.id)).toEqual([]);
  await dialog.getByLabel('Testo').fill('Una buca larga un metro');
  await dialog.getByRole('button', { name: 'Salva e mostra' }).click();
  await expect(why).toHaveCount(0);
  await expect(async () => {
    await anybody.reload();
    await expect(anybody.getByText('Una buca larga un metro')).toBeVisible({ timeout: 500 });
  }).toPass();
  await expect(anybody.getByRole('heading', { level: 1 })).toHaveText(`Buca ${run}`);

  await citizen.reload();
  await citizen.getByText('Cancella i miei dati').click();
  await citizen.getByRole('button', { name: 'Chiedi di cancellare' }).click();
  await expect(citizen.getByText('Richiesta ricevuta')).toBeVisible();
  await desk.page.getByRole('button', { name: 'Dati da togliere' }).click();
  const row = desk.page.getByRole('link', { name: spoken(code) });
  await expect(row).toContainText(/restano (29|30) giorni/);
  await row.click();
  await desk.page.locator('[data-erasure]').getByRole('button', { name: 'Ho risposto' }).click();
  await expect(desk.page.locator('[data-erasure]')).toHaveCount(0);
  await expect(row).toHaveCount(0);
  await expect(async () => {
    await citizen.reload();
    await citizen.getByText('Cancella i miei dati').click();
    await expect(citizen.getByText('Ti abbiamo risposto')).toBeVisible({ timeout: 500 });
  }).toPass();
  await office.close();
});
