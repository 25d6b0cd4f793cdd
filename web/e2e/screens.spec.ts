import { test } from '@playwright/test';
import { FakeNetwork } from './fake/install';
import { contest, makeTown } from './fake/town';
import { look } from './look';
import { CrewPage } from './pages/crew';
import { DeskPage } from './pages/desk';

test.skip(!!process.env.SEGNAVIA_URL, 'needs the town in memory');

const widths = [360, 1280];
const schemes = ['light', 'dark'] as const;

for (const width of widths) {
  for (const colorScheme of schemes) {
    const as = `${width}-${colorScheme}`;
    test.describe(as, () => {
      test.use({ viewport: { width, height: width < 600 ? 740 : 860 }, colorScheme });

      test('crew', async ({ page }) => {
        const net = new FakeNetwork(makeTown('crew'));
        await net.install(page);
        await page.goto('/crew');
        await page.getByLabel('Nome utente').waitFor();
        await look(page, `crew-sign-in-${as}`);
        const crew = new CrewPage(page);
        await crew.signIn('bruno', 'segreta');
        await crew.job('Lampione spento').waitFor();
        await look(page, `crew-today-${as}`);
        await crew.open('Buca profonda sulle strisce');
        await look(page, `crew-checklist-${as}`);
        await page.goBack();
        await crew.open('Lampione spento davanti alla scuola');
        await look(page, `crew-job-${as}`);
        await crew.start();
        await page.getByRole('button', { name: 'Ho finito' }).click();
        await look(page, `crew-finish-${as}`);
        await page.keyboard.press('Escape');
        net.cut();
        await crew.note('Palo sostituito');
        await crew.queue();
        await page.locator('.said-words').waitFor({ state: 'detached' });
        await look(page, `crew-queue-${as}`);
        net.mend();
        await page.getByRole('link', { name: 'Mappa' }).click();
        await page.waitForTimeout(3000);
        await look(page, `crew-map-${as}`);
      });

      test('desk', async ({ page }) => {
        const net = new FakeNetwork(makeTown('operator'));
        await net.install(page);
        const desk = new DeskPage(page);
        await desk.signIn('anna', 'segreta');
        await desk.row('Ramo caduto').waitFor();
        await look(page, `desk-new-${as}`);
        await desk.queue('Aperte').click();
        await desk.row('Panchina rotta').waitFor();
        await look(page, `desk-open-${as}`);
        await desk.open('Lampione spento davanti alla scuola');
        await page.waitForTimeout(2500);
        await look(page, `desk-case-${as}`);
        await page.getByRole('button', { name: 'Nota interna' }).click();
        await page.getByRole('button', { name: /Apri la foto/ }).click();
        await look(page, `desk-photo-${as}`);
        await page.getByRole('button', { name: 'Aggiungi un rettangolo' }).click();
        await page.getByRole('button', { name: 'Rettangolo 1' }).waitFor();
        await look(page, `desk-cover-${as}`);
        await page.keyboard.press('Escape');
        await page.keyboard.press('?');
        await look(page, `desk-help-${as}`);
      });

      test('desk: what waits for somebody', async ({ page }) => {
        const town = makeTown('operator');
        contest(town);
        const net = new FakeNetwork(town);
        await net.install(page);
        const desk = new DeskPage(page);
        await desk.signIn('anna', 'segreta');
        await desk.queue('Da guardare').click();
        await desk.row('Luce che lampeggia').waitFor();
        await look(page, `desk-look-${as}`);
        await desk.open('Luce che lampeggia tutta la notte');
        await page.locator('[data-original] summary').click();
        await page.waitForTimeout(2500);
        await look(page, `desk-contested-${as}`);
        await page.getByRole('button', { name: 'Correggi il testo' }).click();
        await look(page, `desk-correct-${as}`);
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: 'Dai un PIN nuovo' }).click();
        await look(page, `desk-pin-${as}`);
      });
    });
  }
}
