import { expect, test } from '@playwright/test';
import { uuid7 } from '../src/core/uuid7';
import { FakeNetwork } from './fake/install';
import { anna, light, makeTown, reportId } from './fake/town';
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

test('what was done is taken back: withdrawn while it is here, by another edit after that', async ({
  page,
}) => {
  const net = new FakeNetwork(makeTown('crew'));
  await net.install(page);
  const crew = new CrewPage(page);
  await crew.signIn('bruno', 'segreta');
  await crew.job('Lampione spento').waitFor();
  const undo = page.locator('.said').getByRole('button', { name: 'Annulla' });
  net.cut();
  await expect(crew.connection).toContainText('Senza rete');
  await crew.open('Luce che lampeggia tutta la notte');
  await crew.note('Sbagliata');
  await expect(page.getByText('Sbagliata')).toBeVisible();
  await undo.click();
  await expect(page.getByText('Sbagliata')).toHaveCount(0);
  await expect(page.getByText('non è mai partito')).toBeVisible();
  await page.goBack();
  await crew.open('Lampione spento davanti alla scuola');
  await crew.start();
  await expect(page.locator('.job header')).toContainText('In lavorazione');
  await undo.click();
  await expect(page.locator('.job header')).toContainText('Affidata');
  net.mend();
  await crew.queue();
  await expect(crew.connection).toContainText('Collegato', { timeout: 40_000 });
  expect(net.pushed, 'nothing of it ever left').toEqual([]);

  await page.locator('.tabs').getByRole('link', { name: 'Oggi' }).click();
  await crew.open('Buca profonda sulle strisce');
  await page.getByLabel(/Coni e cartelli/).check();
  await expect.poll(() => net.pushed.length).toBe(1);
  await undo.click();
  await expect.poll(() => net.pushed.map((e) => e.args.value)).toEqual(['yes', '']);
  await expect(page.getByLabel(/Coni e cartelli/)).not.toBeChecked();
  await crew.note('Detta e non più ritirabile');
  await expect.poll(() => net.pushed.length).toBe(3);
  await expect(undo).toHaveCount(0);
});

test('a conflict has three ways out, and each is an edit', async ({ page }) => {
  const office = { role: 'operator', user: anna, device: uuid7() } as const;
  for (const [way, kind] of [
    ['Tieni la mia', 'transition'],
    ['Tieni la loro', 'note'],
    ['Tieni tutte e due', 'note'],
  ] as const) {
    const net = new FakeNetwork(makeTown('crew'));
    await page.unrouteAll();
    await net.install(page);
    await page.goto('/crew');
    await page.evaluate(() => indexedDB.deleteDatabase('segnavia-crew'));
    const crew = new CrewPage(page);
    await crew.signIn('bruno', 'segreta');
    await crew.open('Luce che lampeggia tutta la notte');
    net.cut();
    await crew.finish('Fusibile');
    const edit = (args: Record<string, unknown>) =>
      net.town.edit(reportId(3), 'transition', args, office, uuid7());
    edit({ from: 'in_progress', to: 'waiting', for: 'body' });
    net.mend();
    await crew.queue();
    await page.getByText('Da decidere').first().waitFor({ timeout: 40_000 });
    await expect(page.locator('.sides')).toContainText('In attesa');
    edit({ from: 'waiting', to: 'in_progress' });
    net.flow();
    await expect(page.getByText(/La cambio adesso/)).toBeVisible();
    net.pushed.length = 0;
    await page.getByRole('button', { name: way }).click();
    await expect.poll(() => net.pushed.map((e) => e.kind)).toEqual([kind]);
    await expect(page.getByRole('heading', { name: /Da guardare/ })).toHaveCount(0);
    if (kind === 'transition')
      expect(net.town.reports.get(reportId(3))).toMatchObject({ status: 'resolved' });
    else expect(net.pushed[0]?.args.text).toMatch(/Risolta.*In attesa|In attesa.*Risolta/);
  }
});

test('after a month away work is still taken, and signing in again sends it', async ({ page }) => {
  const net = new FakeNetwork(makeTown('crew'));
  await net.install(page);
  const crew = new CrewPage(page);
  await crew.signIn('bruno', 'segreta');
  await crew.job('Lampione spento').waitFor();
  net.ended = true;
  net.signedIn = false;
  net.cut();
  net.mend();
  await expect(page.getByText('Entra di nuovo: quello che hai scritto')).toBeVisible({
    timeout: 40_000,
  });
  await crew.open('Lampione spento davanti alla scuola');
  await crew.note('Dopo un mese');
  // A phone asleep for a day more says so in red.
  await page.addInitScript(() => {
    const real = Date.now.bind(Date);
    Date.now = () => real() + 25 * 3600_000;
  });
  await page.reload();
  await expect(page.getByText('aspetta da più di un giorno')).toBeVisible();
  await page.getByRole('link', { name: 'Entra', exact: true }).click();
  net.ended = false;
  await page.getByLabel('Nome utente').fill('bruno');
  await page.getByLabel('Password', { exact: true }).fill('segreta');
  await page.getByRole('button', { name: 'Entra', exact: true }).click();
  await crew.queue();
  await expect(crew.count('Su questo telefono')).toHaveText('0', { timeout: 20_000 });
  await expect(page.getByText('aspetta da più di un giorno')).toHaveCount(0);
  expect(net.pushed.map((e) => e.args.text)).toEqual(['Dopo un mese']);
});

test('words that were begun are there again when the page ends under them', async ({ page }) => {
  const net = new FakeNetwork(makeTown('crew'));
  await net.install(page);
  const crew = new CrewPage(page);
  await crew.signIn('bruno', 'segreta');
  await crew.open('Lampione spento davanti alla scuola');
  await page.getByLabel('Scrivi una nota').fill('Manca il pezz');
  await page.reload();
  await expect(page.getByLabel('Scrivi una nota')).toHaveValue('Manca il pezz');
});

test('the nearest job comes first when the phone says where it is', async ({ page, context }) => {
  await context.grantPermissions(['geolocation']);
  await context.setGeolocation({ longitude: 8.949, latitude: 44.402 });
  const net = new FakeNetwork(makeTown('crew'));
  for (let i = 1; i <= 2; i++) {
    const r = net.town.reports.get(reportId(i));
    if (r) net.town.save({ ...r, rev: r.rev + 1, hazard: false, priority: 'high' });
  }
  await net.install(page);
  const crew = new CrewPage(page);
  await crew.signIn('bruno', 'segreta');
  const titles = page.locator('section', { hasText: 'Da fare' }).locator('.job-title');
  await page.getByRole('button', { name: 'Ordina per vicinanza' }).click();
  await expect(titles.first()).toContainText('Buca profonda');
  await context.setGeolocation({ longitude: 8.9262, latitude: 44.4146 });
  await page.reload();
  await page.getByRole('button', { name: 'Ordina per vicinanza' }).click();
  await expect(titles.first()).toContainText('Lampione spento');
});
