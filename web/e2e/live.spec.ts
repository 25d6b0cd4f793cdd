import { expect, test } from '@playwright/test';
import { CrewPage } from './pages/crew';

/** Against a server that runs: SEGNAVIA_URL, SEGNAVIA_CREW and SEGNAVIA_PASSWORD. */
const { SEGNAVIA_URL, SEGNAVIA_CREW = 'squadra', SEGNAVIA_PASSWORD = '' } = process.env;
test.skip(!SEGNAVIA_URL, 'needs a server');
test.use({ viewport: { width: 360, height: 740 } });

test('a phone opens without network, keeps a note, and sends it when the network is back', async ({
  page,
  context,
}) => {
  const crew = new CrewPage(page);
  await crew.signIn(SEGNAVIA_CREW, SEGNAVIA_PASSWORD);
  await expect(crew.connection).toContainText('Collegato');
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  await expect(crew.connection).toContainText('Collegato');

  await context.setOffline(true);
  await page.reload();
  await expect(page.locator('.job-card').first()).toBeVisible();
  await expect(crew.connection).toContainText('Senza rete');
  await page.locator('.job-card').first().click();
  await crew.note('Scritta senza rete');
  await crew.queue();
  await expect(crew.count('Su questo telefono')).toHaveText('1');

  await context.setOffline(false);
  await expect(crew.count('Su questo telefono')).toHaveText('0', { timeout: 45_000 });
});

test('where sockets do not pass, the same work goes over HTTP', async ({ page }) => {
  await page.routeWebSocket(/\/sync$/, (ws) => void ws.close({ code: 1011 }));
  const crew = new CrewPage(page);
  await crew.signIn(SEGNAVIA_CREW, SEGNAVIA_PASSWORD);
  await expect(crew.connection).toContainText('Collegato', { timeout: 30_000 });
  await page.locator('.job-card').first().click();
  await crew.note('Scritta per HTTP');
  await crew.queue();
  await expect(crew.count('Su questo telefono')).toHaveText('0', { timeout: 20_000 });
});
