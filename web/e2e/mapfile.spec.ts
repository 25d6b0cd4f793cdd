import { existsSync, readFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { FakeNetwork } from './fake/install';
import { makeTown, reportId } from './fake/town';
import { look, touchable } from './look';
import { CrewPage } from './pages/crew';

/** A real map of a real town: SEGNAVIA_DATA names the folder of the test data. */
const path = `${process.env.SEGNAVIA_DATA}/geo/firenze_protomaps_v3.pmtiles`;
test.skip(!!process.env.SEGNAVIA_URL, 'needs the town in memory');
test.skip(!process.env.SEGNAVIA_DATA || !existsSync(path), 'SEGNAVIA_DATA names no map of Firenze');
test.use({ viewport: { width: 360, height: 740 } });

const firenze: [number, number, number, number] = [11.154026, 43.7270125, 11.3289395, 43.8325455];
const pieces = 4;

async function open(page: Page) {
  const town = makeTown('crew');
  for (let i = 1; i <= 8; i++) {
    const r = town.reports.get(reportId(i));
    // Around Santa Maria Novella.
    if (r) town.save({ ...r, rev: r.rev + 1, lon: 11.249 + i * 0.002, lat: 43.775 });
  }
  const net = new FakeNetwork(town);
  net.basemap = readFileSync(path);
  net.bounds = firenze;
  await net.install(page);
  const crew = new CrewPage(page);
  await crew.signIn('bruno', 'segreta');
  await page.locator('.tabs').getByRole('link', { name: 'Telefono' }).click();
  return { net, crew };
}

/** The files that the origin's private file system holds, by size. */
const files = (page: Page) =>
  page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('basemap', { create: true });
    const sizes: number[] = [];
    for await (const h of folder.values()) {
      if (h.kind === 'file') sizes.push((await (h as FileSystemFileHandle).getFile()).size);
    }
    return sizes;
  });

test('the map is fetched with a progress, goes on after the tab was closed, and is drawn offline', async ({
  page,
  context,
}) => {
  const { net } = await open(page);
  const size = net.basemap?.length ?? 0;
  // The third piece never comes while this page lives.
  net.spoil = (part, n) => (n >= 3 ? new Promise(() => {}) : part);
  await page.getByRole('button', { name: /Scarica la mappa \(4,0 MB\)/ }).click();
  const bar = page.getByRole('progressbar');
  await expect(bar).toHaveAttribute('value', String(2 << 20));
  await expect(page.locator('label', { hasText: '2,1 di 4,0 MB' })).toBeVisible();
  await look(page, 'mapfile-progress');
  await touchable(page, 'mapfile-progress');
  await page.close();

  const again = await context.newPage();
  await net.install(again);
  net.spoil = undefined;
  net.ranges.length = 0;
  await again.goto('/crew/phone');
  await again.getByRole('button', { name: /Riprendi: 2,1 di 4,0 MB/ }).click();
  await expect(again.getByText(/È qui: 4,0 MB/)).toBeVisible();
  expect(net.ranges, 'only what was missing is fetched').toHaveLength(pieces - 2);
  expect(await files(again)).toEqual([size]);

  net.cut();
  await again.getByRole('button', { name: 'Guardala' }).click();
  await expect(again.locator('.map-kept canvas')).toBeVisible();
  await expect(again.getByText('OpenStreetMap')).toBeAttached();
  await again.waitForTimeout(2500);
  await look(again, 'mapfile-kept');
  // The jobs' map draws it too, without network.
  await again.locator('.tabs').getByRole('link', { name: 'Mappa' }).click();
  await expect(again.getByText('OpenStreetMap')).toBeAttached();
  await again.waitForTimeout(2500);
  await look(again, 'mapfile-jobs');
  const shot = await again.locator('canvas').screenshot();
  expect(shot.length, 'streets, not an empty sheet').toBeGreaterThan(15_000);
});

test('a piece that came damaged is fetched again; a map that stays damaged is never used', async ({
  page,
}) => {
  const { net } = await open(page);
  const bad = (part: Buffer) => Buffer.from(part.map((b, i) => (i === 77 ? b ^ 1 : b)));
  net.spoil = (part, n) => (n === 2 ? bad(part) : n === 3 ? 'cut' : part);
  await page.getByRole('button', { name: /Scarica la mappa/ }).click();
  await expect(page.getByText(/È qui: 4,0 MB/)).toBeVisible();
  expect(net.ranges).toHaveLength(pieces + 2);
  const old = await files(page);

  // The town brings another map, whose last piece is never whole.
  net.basemap = Buffer.concat([net.basemap ?? Buffer.alloc(0), Buffer.alloc(1 << 20, 7)]);
  net.ranges.length = 0;
  net.spoil = (part) => (part[0] === 7 ? bad(part) : part);
  await page.reload();
  await expect(
    page.getByText('C’è una mappa più nuova').or(page.getByText("C'è una mappa più nuova")),
  ).toBeVisible();
  await page.getByRole('button', { name: /Scarica la mappa/ }).click();
  await expect(page.getByText(/arrivata rovinata/)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('La mappa che hai è sempre qui.')).toBeVisible();
  await look(page, 'mapfile-damaged');
  expect(await files(page)).toEqual(expect.arrayContaining(old));
  await page.getByRole('button', { name: 'Guardala' }).click();
  await expect(page.getByText('OpenStreetMap')).toBeAttached();
});

test('where there is no room it is said in MB, and work goes on', async ({ page, context }) => {
  const { crew } = await open(page);
  const cdp = await context.newCDPSession(page);
  const { usage } = await cdp.send('Storage.getUsageAndQuota', {
    origin: new URL(page.url()).origin,
  });
  await cdp.send('Storage.overrideQuotaForOrigin', {
    origin: new URL(page.url()).origin,
    quotaSize: Math.round(usage + 2.5e6),
  });
  await page.getByRole('button', { name: /Scarica la mappa/ }).click();
  await expect(page.getByText(/servono 4,0 MB\. Il tuo lavoro è al sicuro/)).toBeVisible();
  await look(page, 'mapfile-room');
  expect(await files(page)).toEqual([0]);
  await page.locator('.tabs').getByRole('link', { name: 'Oggi' }).click();
  await crew.job('Lampione spento').click();
  await crew.note('Ancora posto per le parole');
  await crew.queue();
  await expect(crew.count('Ricevute')).toHaveText('1');
});

test('it is stopped and thrown away by a touch', async ({ page }) => {
  const { net } = await open(page);
  net.spoil = (part, n) => (n > 1 ? new Promise((r) => setTimeout(() => r(part), 1500)) : part);
  await page.getByRole('button', { name: /Scarica la mappa/ }).click();
  await page.getByRole('button', { name: 'Ferma' }).click();
  await expect(page.getByRole('button', { name: /Riprendi/ })).toBeVisible();
  net.spoil = (part) => new Promise((r) => setTimeout(() => r(part), 1500));
  await page.getByRole('button', { name: /Riprendi/ }).click();
  await page.getByRole('button', { name: 'Annulla' }).click();
  await expect(page.getByRole('button', { name: /Scarica la mappa/ })).toBeVisible();
  await expect.poll(() => files(page)).toEqual([]);
});
