import { readFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import type { Actor } from '../src/core/civic';
import { uuid7 } from '../src/core/uuid7';
import { FakeNetwork } from './fake/install';
import { anna, light, makeTown, reportId } from './fake/town';
import { look, touchable } from './look';
import { CrewPage } from './pages/crew';

test.skip(!!process.env.SEGNAVIA_URL, 'needs the town in memory');

const office: Actor = { role: 'operator', user: anna, device: uuid7() };
const other = `${light.slice(0, -1)}2`;

const views = [
  { width: 360, colorScheme: 'light', locale: 'it-IT' },
  { width: 360, colorScheme: 'dark', locale: 'en-GB' },
  { width: 1280, colorScheme: 'light', locale: 'en-GB' },
  { width: 1280, colorScheme: 'dark', locale: 'it-IT' },
] as const;

async function signIn(page: Page, english: boolean) {
  await page.goto('/crew');
  await page.getByLabel(english ? 'User name' : 'Nome utente').fill('bruno');
  await page.getByLabel('Password', { exact: true }).fill('segreta');
  await page.getByRole('button', { name: english ? 'Sign in' : 'Entra', exact: true }).click();
  await page.locator('.job-card').first().waitFor();
}

for (const { width, colorScheme, locale } of views) {
  const english = locale.startsWith('en');
  const say = (it: string, en: string) => (english ? en : it);
  test(`every state of the field is fit to be shown, ${width} ${colorScheme} ${locale}`, async ({
    browser,
  }) => {
    test.setTimeout(120_000);
    const context = await browser.newContext({
      viewport: { width, height: width < 600 ? 740 : 860 },
      colorScheme,
      locale,
      serviceWorkers: 'block',
    });
    const page = await context.newPage();
    const net = new FakeNetwork(makeTown('crew'));
    await net.install(page);
    const crew = new CrewPage(page);
    const as = `${width}-${colorScheme}-${locale.slice(0, 2)}`;
    const show = async (name: string) => {
      await look(page, `field-${name}-${as}`);
      await touchable(page, `field-${name}-${as}`);
    };

    await page.goto('/crew');
    await page.locator('summary').click();
    await show('code');
    await signIn(page, english);
    await show('today');
    await page.getByRole('link', { name: say('Telefono', 'Phone') }).click();
    await page.getByText(say('non ha ancora una mappa', 'has no map to download')).waitFor();
    await show('phone');

    // Offline: work on three jobs, two of which the office changes meanwhile.
    await page
      .locator('.tabs')
      .getByRole('link', { name: say('Oggi', 'Today') })
      .click();
    net.cut();
    await crew.job('Lampione spento').click();
    await page.getByRole('button', { name: say('Inizia il lavoro', 'Start the work') }).click();
    await show('undo');
    await page.goBack();
    await crew.job('Luce che lampeggia').click();
    await page.getByLabel(say('Scrivi una nota', 'Write a note')).fill('Palo misurato: 4 metri');
    await page.getByRole('button', { name: say('Aggiungi la nota', 'Add the note') }).click();
    await page.goBack();
    await crew.job('Buca profonda').click();
    await page.getByLabel(/Coni e cartelli/).check();
    await page.getByRole('link', { name: say('Invii', 'Outbox') }).click();
    await show('queue-unsent');
    net.town.edit(
      reportId(1),
      'transition',
      { from: 'assigned', to: 'rejected', reason: 'Non è nostro' },
      office,
      uuid7(),
    );
    net.town.edit(reportId(2), 'check', { item: 'cones', value: 'no' }, office, uuid7());
    net.town.busy.add(reportId(3));
    net.town.edit(reportId(3), 'assign', { team: other }, office, uuid7());
    net.mend();
    await page
      .getByRole('button', { name: say('Prova a inviare', 'Try to send') })
      .click()
      .catch(() => {});
    await page.getByText(say('Da decidere', 'To be decided')).first().waitFor({ timeout: 40_000 });
    await show('queue-conflicts');
    await page
      .locator('.tabs')
      .getByRole('link', { name: say('Oggi', 'Today') })
      .click();
    await page.getByText(say('Passato ad altri', 'Passed to others')).waitFor();
    await show('today-left');
    await crew.job('Luce che lampeggia').click();
    await page.getByText(say('è passato a un', 'has passed to another')).waitFor();
    await show('ghost');

    await page
      .getByRole('button', { name: say('Schermo per il sole', 'Screen for the sun') })
      .click();
    await show('ghost-sun');
    await page
      .locator('.tabs')
      .getByRole('link', { name: say('Oggi', 'Today') })
      .click();
    await show('today-sun');
    await page
      .getByRole('button', { name: say('Schermo per il sole', 'Screen for the sun') })
      .click();

    net.revoked = true;
    net.cut();
    net.mend();
    await page
      .getByText(say('non è più abilitato', 'is no longer allowed'))
      .waitFor({ timeout: 40_000 });
    await show('revoked');
    await expect(page.locator('.job-card')).toHaveCount(0);
    await page.reload();
    await page.getByText(say('non è più abilitato', 'is no longer allowed')).waitFor();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: say('Salva in un file', 'Save to a file') }).click();
    const file = readFileSync(await (await saved).path(), 'utf8');
    expect(file).toContain('Palo misurato: 4 metri');
    expect(file.startsWith('segnavia unsent 1\n')).toBe(true);
    await context.close();
  });
}
