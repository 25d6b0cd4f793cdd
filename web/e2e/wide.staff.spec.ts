import { test } from '@playwright/test';
import { FakeNetwork } from './fake/install';
import { jurisdiction, makeTown, reportId } from './fake/town';
import { CrewPage } from './pages/crew';
import { DeskPage } from './pages/desk';
import { fits, rude, typeEverywhere } from './rude';

test.skip(!!process.env.SEGNAVIA_URL, 'needs the town in memory');

/** A town that came by import: every name of it, and every word of its people. */
function rudeTown(role: 'crew' | 'operator', text: string) {
  const town = makeTown(role);
  const scope = `town:${jurisdiction}`;
  for (const { id, body } of [...town.log(scope).members.values()]) {
    const lines =
      'checklist' in body ? { checklist: [{ item: 'a', name: text, blocks: true }] } : {};
    town.emit(scope, { k: 'enter', id, rev: 2, body: { ...body, name: text, ...lines } });
  }
  for (let n = 1; n <= 8; n++) {
    const was = town.reports.get(reportId(n));
    if (was) town.save({ ...was, rev: was.rev + 1, title: text, address: text, description: text });
  }
  return town;
}

for (const [name, text] of Object.entries(rude)) {
  test.describe(name, () => {
    test('no page of a crew grows wider', async ({ page }) => {
      await new FakeNetwork(rudeTown('crew', text)).install(page);
      const crew = new CrewPage(page);
      await page.goto('/crew');
      await page.getByLabel('Nome utente').waitFor();
      await typeEverywhere(page, text);
      await fits(page, 'sign-in');
      await crew.signIn('bruno', 'segreta');
      await page.locator('.job-card').first().waitFor();
      await fits(page, 'today');
      await page.locator('.job-card').first().click();
      await page.getByLabel('Scrivi una nota').waitFor();
      await typeEverywhere(page, text);
      await fits(page, 'a job');
      await page.getByRole('button', { name: 'Aggiungi la nota' }).click();
      await page.getByRole('button', { name: 'Ho finito' }).click();
      await typeEverywhere(page, text);
      await fits(page, 'the end of a job');
      await page.keyboard.press('Escape');
      await crew.queue();
      await fits(page, 'what was done');
      await page.locator('.tabs').getByRole('link', { name: 'Telefono' }).click();
      await page.getByRole('heading', { name: 'La mappa del Comune' }).waitFor();
      await fits(page, 'the phone');
    });

    test('no page of the office grows wider', async ({ page }) => {
      await new FakeNetwork(rudeTown('operator', text)).install(page);
      const desk = new DeskPage(page);
      await desk.signIn('anna', 'segreta');
      await desk.queue('Aperte').click();
      await page.locator('.list-row').first().waitFor();
      await fits(page, 'the inbox');
      await page.locator('.list-row').first().click();
      await page.locator('.case-head').waitFor();
      await typeEverywhere(page, text);
      await fits(page, 'a case');
      await page.getByRole('button', { name: 'Nota interna' }).click();
      await typeEverywhere(page, text);
      await fits(page, 'a note');
    });
  });
}
