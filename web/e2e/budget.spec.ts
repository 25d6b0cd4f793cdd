import { gzipSync } from 'node:zlib';
import { expect, type Page, test } from '@playwright/test';
import { FakeNetwork } from './fake/install';
import { makeTown } from './fake/town';
import { CrewPage } from './pages/crew';

test.skip(!!process.env.SEGNAVIA_URL, 'needs the built site alone');

const shellLimit = 60_000;
const mapLimit = 420_000;

/** Bytes, compressed, of the page and every script and style that it asked for. */
function weigh(page: Page) {
  const sizes = new Map<string, Promise<number>>();
  page.on('response', (r) => {
    const type = r.request().resourceType();
    const worker = new URL(r.url()).pathname.includes('worker');
    if (r.ok() && (worker || ['document', 'script', 'stylesheet'].includes(type)))
      sizes.set(
        r.url(),
        r.body().then((b) => gzipSync(b).length),
      );
  });
  const total = async () => {
    const all = await Promise.all([...sizes].map(async ([u, n]) => [await n, u] as const));
    return all.reduce((sum, [n]) => sum + n, 0);
  };
  return { total, forget: () => sizes.clear() };
}

test('the crews’ shell and its map keep their budgets', async ({ page }) => {
  const net = new FakeNetwork(makeTown('crew'));
  await net.install(page);
  const { total, forget } = weigh(page);
  const crew = new CrewPage(page);
  await crew.signIn('bruno', 'segreta');
  // Every day but the first begins signed in.
  forget();
  await page.reload();
  await crew.job('Lampione spento').click();
  await page.getByRole('heading', { level: 1, name: 'Lampione spento' }).waitFor();
  const shell = await total();
  await crew.queue();
  await page.locator('.tabs').getByRole('link', { name: 'Telefono' }).click();
  await page.getByRole('heading', { name: 'La mappa del Comune' }).waitFor();
  await page.locator('.tabs').getByRole('link', { name: 'Mappa' }).click();
  await page.locator('.maplibregl-canvas').waitFor();
  await page.waitForTimeout(1000);
  const map = await total();
  console.log(`crew shell ${shell} bytes, with map ${map}`);
  expect(shell).toBeLessThanOrEqual(shellLimit);
  expect(map).toBeLessThanOrEqual(mapLimit);
  expect(map, 'the map was weighed').toBeGreaterThan(shell + 200_000);
});
