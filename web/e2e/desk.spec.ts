import { expect, test } from '@playwright/test';
import { FakeNetwork } from './fake/install';
import { makeTown, reportId } from './fake/town';
import { DeskPage } from './pages/desk';

test.skip(!!process.env.SEGNAVIA_URL, 'needs the town in memory');
test.use({ viewport: { width: 1280, height: 860 } });

test('a new report is read, answered and given to a team', async ({ page }) => {
  const net = new FakeNetwork(makeTown('operator'));
  await net.install(page);
  const desk = new DeskPage(page);
  await desk.signIn('anna', 'segreta');
  await expect(desk.queue('Nuove')).toContainText('1');
  await desk.open('Ramo caduto sul marciapiede');
  await desk.step('Letta').click();
  await expect(desk.status).toHaveText('Letta');
  await desk.assign('Squadra luce');
  await expect(desk.status).toHaveText('Affidata');
  await desk.reply('Domani passa la squadra del verde.', true);
  await expect(page.locator('.talk')).toContainText('Domani passa la squadra del verde.');
  await expect.poll(() => net.town.reports.get(reportId(5))?.status).toBe('assigned');
});

test('what others change is there at once', async ({ page }) => {
  const net = new FakeNetwork(makeTown('operator'));
  await net.install(page);
  const desk = new DeskPage(page);
  await desk.signIn('anna', 'segreta');
  await desk.queue('Aperte').click();
  await desk.open('Panchina rotta');
  const r = net.town.reports.get(reportId(6));
  if (r) net.town.save({ ...r, rev: r.rev + 1, title: 'Panchina senza assi' });
  net.flow();
  await expect(desk.heading('Panchina senza assi')).toBeVisible();
});

test('keys move through the list, and can be switched off', async ({ page }) => {
  const net = new FakeNetwork(makeTown('operator'));
  await net.install(page);
  const desk = new DeskPage(page);
  await desk.signIn('anna', 'segreta');
  await desk.queue('Aperte').click();
  // A key moves through what is there: on a slow machine the list arrives later.
  await expect(desk.row('Lampione spento davanti alla scuola')).toBeVisible();
  await page.keyboard.press('j');
  await expect(desk.heading('Lampione spento davanti alla scuola')).toBeVisible();
  await page.keyboard.press('j');
  const second = await page.getByRole('heading', { level: 1 }).last().textContent();
  expect(second).not.toContain('Lampione spento davanti');
  await page.keyboard.press('k');
  await expect(desk.heading('Lampione spento davanti alla scuola')).toBeVisible();
  await page.keyboard.press('a');
  await expect(page.getByLabel('Squadra')).toBeFocused();
  await page.getByRole('heading', { level: 1 }).last().click();
  await page.keyboard.press('r');
  await expect(page.getByLabel('Risposta a chi ha segnalato')).toBeFocused();
  await page.getByRole('heading', { level: 1 }).last().click();
  await page.keyboard.press('?');
  await page.getByLabel('Usa le scorciatoie').uncheck();
  await page.getByRole('button', { name: 'Chiudi' }).click();
  await page.keyboard.press('j');
  await expect(desk.heading('Lampione spento davanti alla scuola')).toBeVisible();
});

test('parts of a photo are covered by mouse and by keyboard', async ({ page }) => {
  const net = new FakeNetwork(makeTown('operator'));
  await net.install(page);
  const desk = new DeskPage(page);
  await desk.signIn('anna', 'segreta');
  await desk.queue('Aperte').click();
  await desk.open('Lampione spento davanti alla scuola');
  await page.getByRole('button', { name: 'Guarda e decidi' }).click();
  const photo = page.getByRole('dialog').getByRole('img');
  await expect(photo).toBeVisible();
  const save = page.getByRole('button', { name: 'Salva i rettangoli' });
  await expect(save).toBeDisabled();
  const at = await photo.boundingBox();
  if (!at) throw new Error('no photo');
  const go = (x: number, y: number) => page.mouse.move(at.x + at.width * x, at.y + at.height * y);
  await go(0.5, 0.5);
  await page.mouse.down();
  await go(0.3, 0.2);
  await page.mouse.up();
  const first = page.getByRole('button', { name: 'Rettangolo 1' });
  const where = await first.boundingBox();
  expect(where?.x).toBeCloseTo(at.x + at.width * 0.3, -1);
  expect(where?.width).toBeCloseTo(at.width * 0.2, -1);
  await page.getByRole('button', { name: 'Aggiungi un rettangolo' }).click();
  const second = page.getByRole('button', { name: 'Rettangolo 2' });
  await expect(second).toBeFocused();
  const before = await second.boundingBox();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowDown');
  const after = await second.boundingBox();
  expect(after?.x).toBeGreaterThan(before?.x ?? 0);
  expect(after?.height).toBeGreaterThan(before?.height ?? 0);
  await page.keyboard.press('Delete');
  await expect(second).toHaveCount(0);
  await page.getByRole('button', { name: 'Torna indietro' }).click();
  await expect(second).toHaveCount(1);
  await page.keyboard.press('Control+z');
  await save.click();
  await expect(page.getByText('Rettangoli salvati')).toBeVisible();
  await expect(save).toBeDisabled();
  await expect
    .poll(() => net.pushed.find((e) => e.kind === 'redact')?.args)
    .toMatchObject({
      target: 'photo',
      id: 'ab'.repeat(32),
      boxes: [[0.3, 0.2, 0.2, 0.3], expect.anything()],
    });
});

test('a photo is published only after it was opened', async ({ page }) => {
  const net = new FakeNetwork(makeTown('operator'));
  await net.install(page);
  const desk = new DeskPage(page);
  await desk.signIn('anna', 'segreta');
  await desk.queue('Aperte').click();
  await desk.open('Lampione spento davanti alla scuola');
  await expect(page.getByRole('button', { name: /pubblica$/ })).toHaveCount(0);
  await page.getByRole('button', { name: 'Guarda e decidi' }).click();
  await expect(page.getByText('bambini, targhe, interni')).toBeVisible();
  await page.getByRole('button', { name: "L'ho guardata: pubblica" }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
});
