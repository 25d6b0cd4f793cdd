import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { CrewPage } from './pages/crew';

/** Against a running demonstration: SEGNAVIA_URL and SEGNAVIA_DEMO, its demo.json. */
const { SEGNAVIA_URL, SEGNAVIA_DEMO = '' } = process.env;
test.skip(!SEGNAVIA_URL || !SEGNAVIA_DEMO, 'needs a running demonstration');

const SEGNAVIA_CREW = 'squadra';
const SEGNAVIA_PASSWORD: string = SEGNAVIA_DEMO
  ? (JSON.parse(readFileSync(SEGNAVIA_DEMO, 'utf8')).users[0].password as string)
  : '';
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
  // The device knows before the socket does.
  await expect(crew.connection).toContainText('Senza rete', { timeout: 3000 });
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
