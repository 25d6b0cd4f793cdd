import { readFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { DeskPage } from './pages/desk';

/** Against a running demonstration: SEGNAVIA_URL and SEGNAVIA_DEMO, its demo.json. */
const url = process.env.SEGNAVIA_URL;
const file = process.env.SEGNAVIA_DEMO;
test.skip(!url || !file, 'needs a running demonstration');

/** A real photo, to which a camera's position is added. */
function photoAt(lon: number, lat: number): Buffer {
  const plain = readFileSync(new URL('fixtures/before.jpg', import.meta.url));
  const b = Buffer.alloc(164);
  const t = 12; // where the directory's own numbers begin
  const entry = (at: number, tag: number, kind: number, count: number, value: number) => {
    b.writeUInt16BE(tag, t + at);
    b.writeUInt16BE(kind, t + at + 2);
    b.writeUInt32BE(count, t + at + 4);
    b.writeUInt32BE(value, t + at + 8);
  };
  b.writeUInt32BE(0xffd8ffe1, 0);
  b.writeUInt16BE(160, 4);
  b.write('Exif', 6);
  b.write('MM\0*', t);
  b.writeUInt32BE(8, t + 4);
  b.writeUInt16BE(1, t + 8);
  entry(10, 0x8825, 4, 1, 26);
  b.writeUInt16BE(4, t + 26);
  entry(28, 1, 2, 2, 0x4e000000);
  entry(40, 2, 5, 3, 80);
  entry(52, 3, 2, 2, 0x45000000);
  entry(64, 4, 5, 3, 104);
  for (const [at, n] of [
    [80, lat],
    [104, lon],
  ] as const) {
    [Math.floor(n), 1, 0, 1, Math.round((n % 1) * 3600e4), 1e4].forEach((x, i) => {
      b.writeUInt32BE(x, t + at + i * 4);
    });
  }
  return Buffer.concat([b, plain.subarray(2)]);
}

function pdf(): Buffer {
  const body = '%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n';
  return Buffer.from(
    `${body}xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`,
  );
}

async function report(page: Page): Promise<string> {
  await page.goto('/report');
  await page.locator('#report[data-ready]').waitFor();
  await page.locator('.files input').setInputFiles([
    { name: 'a.jpg', mimeType: 'image/jpeg', buffer: photoAt(8.9262, 44.4146) },
    { name: 'verbale.pdf', mimeType: 'application/pdf', buffer: pdf() },
  ]);
  await expect(page.getByText(/La foto è stata scattata in \p{Lu}.* È lì\?/u)).toBeVisible();
  await page.getByRole('button', { name: 'Sì, è lì' }).click();
  await expect(page.locator('#address')).toHaveValue(/^\p{Lu}/u);
  await page.locator('label[for^=group-]').first().click();
  await page.locator('.group').first().locator('label.choice').first().click();
  await page.locator('#send').click();
  await page.waitForURL(/\/r\/GE\d{8}/);
  return page.url().match(/GE\d{8}/)?.[0] ?? '';
}

test('a photo with its place and a document, covered by the office and then public', async ({
  browser,
}) => {
  const { users } = JSON.parse(readFileSync(file as string, 'utf8'));
  const anna = users.find((u: { role: string }) => u.role === 'operator');
  const phone = await browser.newContext({ viewport: { width: 360, height: 780 } });
  const page = await phone.newPage();
  const code = await report(page);
  await expect(async () => {
    await page.goto(`/r/${code}`);
    await expect(page.locator('img[src^="/media/reports/"]')).toHaveCount(1, { timeout: 500 });
  }).toPass();
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Scarica il documento 1 (PDF' }).click(),
  ]);
  expect(saved.suggestedFilename()).toMatch(new RegExp(`^${code}-[0-9a-f]{8}\\.pdf$`));

  const office = await (await browser.newContext()).newPage();
  const desk = new DeskPage(office);
  await desk.signIn(anna.login, anna.password);
  await office.getByRole('searchbox').fill(code);
  await office.getByRole('region', { name: 'Segnalazioni' }).getByRole('link').first().click();
  await office.getByRole('button', { name: 'Guarda e decidi' }).click();
  await office.getByRole('button', { name: 'Aggiungi un rettangolo' }).click();
  await office.getByRole('button', { name: 'pubblica con i rettangoli' }).click();

  const anybody = await (await browser.newContext()).newPage();
  const shown = anybody.locator('img[src^="/media/reports/"]');
  await expect(async () => {
    await anybody.goto(`/r/${code}`);
    await expect(shown).toHaveCount(1, { timeout: 500 });
  }).toPass();
  await expect(anybody.getByText('Scarica il documento')).toHaveCount(0);
  // The middle of what anybody gets is black, a corner is not.
  const [middle, corner] = await shown.evaluate(async (img: HTMLImageElement) => {
    img.loading = 'eager';
    await img.decode();
    const canvas = document.createElement('canvas');
    canvas.width = img.naturalWidth;
    canvas.height = img.naturalHeight;
    const c = canvas.getContext('2d') as CanvasRenderingContext2D;
    c.drawImage(img, 0, 0);
    const at = (x: number, y: number) =>
      Math.max(...c.getImageData(canvas.width * x, canvas.height * y, 1, 1).data.slice(0, 3));
    return [at(0.5, 0.5), at(0.1, 0.9)];
  });
  expect(middle).toBeLessThan(13);
  expect(corner).toBeGreaterThan(30);
});
