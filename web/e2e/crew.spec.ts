import { expect, test } from '@playwright/test';
import { FakeNetwork } from './fake/install';
import { light, makeTown, reportId } from './fake/town';
import { CrewPage } from './pages/crew';

test.skip(!!process.env.SEGNAVIA_URL, 'needs the town in memory');
test.use({ viewport: { width: 360, height: 740 } });

test('a day without network: work is kept, sent when the network is back, and counted', async ({
  page,
}) => {
  const net = new FakeNetwork(makeTown('crew'));
  await net.install(page);
  const crew = new CrewPage(page);
  await crew.signIn('bruno', 'segreta');
  await expect(crew.job('Lampione spento')).toBeVisible();
  await expect(crew.connection).toContainText('Collegato');

  net.cut();
  await expect(crew.connection).toContainText('Senza rete');
  await crew.open('Lampione spento davanti alla scuola');
  await crew.start();
  await crew.note('Palo sostituito');
  await crew.finish('Lampada nuova');
  await expect(page.locator('.job header')).toContainText('Risolta');
  await crew.queue();
  await expect(crew.count('Su questo telefono')).toHaveText('3');
  await expect(crew.count('Ricevute')).toHaveText('0');

  // A dead battery: the page starts again from what is on the phone.
  await page.reload();
  await expect(crew.count('Su questo telefono')).toHaveText('3');

  net.mend();
  // The phone may be quicker than the finger: then there is nothing to press.
  await page
    .getByRole('button', { name: 'Prova a inviare adesso' })
    .click({ timeout: 3000 })
    .catch(() => {});
  await expect(crew.count('Su questo telefono')).toHaveText('0', { timeout: 40_000 });
  await expect(crew.count('Applicate')).toHaveText('3');
  expect(net.town.reports.get(reportId(1))).toMatchObject({
    status: 'resolved',
    reason: 'Lampada nuova',
  });
});

test('safety checks come before the work', async ({ page }) => {
  const net = new FakeNetwork(makeTown('crew'));
  await net.install(page);
  const crew = new CrewPage(page);
  await crew.signIn('bruno', 'segreta');
  await crew.open('Buca profonda sulle strisce');
  await crew.start();
  await expect(page.getByText('Prima di iniziare completa i controlli')).toBeVisible();
  await page.getByLabel(/Coni e cartelli/).check();
  await crew.start();
  await expect(page.locator('.job header')).toContainText('In lavorazione');
});

test('a photo is shrunk, kept and uploaded, and is proof', async ({ page }) => {
  const net = new FakeNetwork(makeTown('crew'));
  await net.install(page);
  const crew = new CrewPage(page);
  await crew.signIn('bruno', 'segreta');
  await crew.open('Luce che lampeggia');
  const png = await page.screenshot({ path: 'test-results/shot.png' });
  expect(png.length).toBeGreaterThan(0);
  await crew.photograph('after', 'test-results/shot.png');
  await expect(page.getByRole('img', { name: 'Foto: Dopo il lavoro' })).toBeVisible();
  await page.getByRole('button', { name: 'Ho finito' }).click();
  await expect(page.getByText("C'è già una foto del lavoro finito.")).toBeVisible();
  await page.getByRole('button', { name: 'Lavoro finito' }).click();
  await expect(page.locator('.job header')).toContainText('Risolta');
  await expect.poll(() => net.uploads).toBe(1);
});

test('a job that goes to another team leaves the phone, with a word if work is unsent', async ({
  page,
}) => {
  const net = new FakeNetwork(makeTown('crew'));
  await net.install(page);
  const crew = new CrewPage(page);
  await crew.signIn('bruno', 'segreta');
  net.town.busy.add(reportId(2));
  await crew.open('Buca profonda sulle strisce');
  await crew.note('Misurata: 40 cm');
  const r = net.town.reports.get(reportId(2));
  if (r) net.town.save({ ...r, rev: r.rev + 1, team: `${light.slice(0, -1)}2` });
  net.flow();
  await expect(page.getByText("Questo lavoro è passato a un'altra squadra")).toBeVisible();
  await expect(page.getByRole('button', { name: 'Inizia il lavoro' })).toHaveCount(0);
});

test('a wrong password is said in words', async ({ page }) => {
  const net = new FakeNetwork(makeTown('crew'));
  await net.install(page);
  await page.goto('/crew');
  await page.getByLabel('Nome utente').fill('bruno');
  await page.getByLabel('Password', { exact: true }).fill('sbagliata');
  await page.getByRole('button', { name: 'Entra' }).click();
  await expect(page.getByRole('alert')).toContainText('non giusti');
});
