import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect, type Page, test } from '@playwright/test';
import * as tus from 'tus-js-client';
import { CrewPage } from './pages/crew';
import { Program } from './pages/program';

/** With the real program, which is killed: bin/segnavia must have been built. */
test.skip(!process.env.SEGNAVIA_URL, 'needs the built program');
test.describe.configure({ mode: 'serial' });

const port = Number(process.env.SEGNAVIA_E2E_PORT ?? '8391') + 1;
let program: Program;

/** What the package's build for Node has and its types leave out. */
const { FileUrlStorage } = tus as unknown as {
  FileUrlStorage: new (file: string) => tus.UrlStorage;
};

test.beforeAll(async () => {
  test.setTimeout(120_000);
  program = new Program(port);
  await program.start();
});
test.afterAll(() => program.remove());

/** A real photo made large by comments, which a JPEG may have anywhere at its head. */
function large(bytes: number): Buffer {
  const plain = readFileSync(new URL('fixtures/before.jpg', import.meta.url));
  const parts = [plain.subarray(0, 2)];
  for (let n = 0; n < bytes; n += 60_000) {
    const comment = Buffer.alloc(4 + 60_000);
    comment.writeUInt16BE(0xfffe, 0);
    comment.writeUInt16BE(60_002, 2);
    randomBytes(60_000).copy(comment, 4);
    parts.push(comment);
  }
  return Buffer.concat([...parts, plain.subarray(2)]);
}

/** The scans of a JPEG: a picture of somebody at work is stored without what its camera
 * wrote beside them, so as another file than was sent. */
const pixels = (jpeg: Buffer): Buffer => {
  const at = jpeg.lastIndexOf(Buffer.from([0xff, 0xda]));
  expect(at).toBeGreaterThan(0);
  return jpeg.subarray(at);
};

/** The device of a crew, and a case that is its own. */
async function crewsCase() {
  for (const device of program.demo.devices) {
    const headers = { authorization: `Bearer ${device.token}` };
    const hello = await fetch(`${program.url}/sync/hello`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ proto: 1 }),
    });
    const { offer } = (await hello.json()) as { offer: string[] };
    for (const scope of offer.filter((s) => s.startsWith('team:'))) {
      const rows = await fetch(`${program.url}/sync/snapshot?scope=${scope}`, { headers });
      const lines = (await rows.text()).split('\n').filter(Boolean);
      const row = lines.map((l) => JSON.parse(l)).find((l) => l.body?.status === 'assigned');
      if (row) return { headers, report: row.id as string, login: device.login };
    }
  }
  throw new Error('no crew has a case');
}

test('the real client takes up in Node what a kill of the server broke', async () => {
  test.setTimeout(120_000);
  const { headers, report } = await crewsCase();
  const picture = large(6_000_000);
  const sha256 = createHash('sha256').update(picture).digest('hex');
  const attach = { sha256, bytes: picture.length, mime: 'image/jpeg', stage: 'before' };
  const edit = { id: randomUUID(), report, base_rev: 0, kind: 'attach', args: attach };
  const answered = await fetch(`${program.url}/api/v1/edits`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(edit),
  });
  expect(await answered.json()).toMatchObject({ results: [{ status: 'applied' }] });

  const urls = new FileUrlStorage(join(program.dir, 'urls.json'));
  const options = {
    endpoint: `${program.url}/media/uploads`,
    headers,
    metadata: { sha256, filetype: 'image/jpeg', report },
    urlStorage: urls,
    fingerprint: async () => sha256,
    chunkSize: 1_500_000,
    retryDelays: null,
  };
  let sent = 0;
  await new Promise<void>((done, fail) => {
    const first = new tus.Upload(picture, {
      ...options,
      onProgress: (bytes) => {
        // In the midst of the third request.
        if (sent < 3_500_000 && bytes >= 3_500_000) void program.kill();
        sent = bytes;
      },
      onSuccess: () => fail(new Error('it was to be interrupted')),
      onError: () => done(),
    });
    first.start();
  });
  await program.kill();
  await program.start();
  expect(program.pieces()).toBeGreaterThan(0);

  const requests: { method: string; offset: number }[] = [];
  const again = new tus.Upload(picture, {
    ...options,
    onBeforeRequest: (r) => {
      requests.push({ method: r.getMethod(), offset: Number(r.getHeader('Upload-Offset')) });
    },
  });
  const [previous] = await again.findPreviousUploads();
  if (!previous) throw new Error('the place was not kept');
  again.resumeFromPreviousUpload(previous);
  await new Promise<void>((done, fail) => {
    again.options.onSuccess = () => done();
    again.options.onError = fail;
    again.start();
  });
  expect(requests[0]?.method).toBe('HEAD');
  expect(requests[1]).toMatchObject({ method: 'PATCH' });
  expect(requests[1]?.offset).toBeGreaterThanOrEqual(3_000_000);
  expect(pixels(program.original(sha256)).equals(pixels(picture))).toBe(true);
  expect(program.pieces()).toBe(0);
  const hash = await fetch(`${program.url}/media/sha256/${sha256}`, { method: 'HEAD', headers });
  expect(hash.status).toBe(200);
  const rendition = `${program.url}/media/reports/${report}/${sha256}/1280.jpg`;
  await expect
    .poll(async () => (await fetch(rendition, { headers })).status, { timeout: 30_000 })
    .toBe(200);
});

/** A picture of noise, which no encoder makes small, as a camera would give it. */
const noise = (page: Page) =>
  page.evaluate(async () => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 1600;
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    const image = context.createImageData(1600, 1600);
    for (let i = 0; i < image.data.length; i += 65_536) {
      crypto.getRandomValues(image.data.subarray(i, i + 65_536));
    }
    for (let i = 3; i < image.data.length; i += 4) image.data[i] = 255;
    context.putImageData(image, 0, 0);
    return canvas.toDataURL('image/jpeg', 0.9).split(',')[1] as string;
  });

test('a phone takes up what kills of its browser and of the server broke', async () => {
  test.setTimeout(180_000);
  const profile = mkdtempSync(join(tmpdir(), 'phone-'));
  const open = () =>
    chromium.launchPersistentContext(profile, {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu'],
      baseURL: program.url,
      locale: 'it-IT',
      viewport: { width: 360, height: 780 },
    });
  let context = await open();
  let page = context.pages()[0] ?? (await context.newPage());
  const crew = new CrewPage(page);
  const { login } = await crewsCase();
  await crew.signIn(login, program.demo.users.find((u) => u.login === login)?.password ?? '');
  await expect(crew.connection).toContainText('Collegato');
  const photo = Buffer.from(await noise(page), 'base64');
  await page.locator('.job-card').first().click();
  await page.waitForURL(/\/crew\/job\//);
  const report = page.url().split('/').at(-1);
  const slow = await context.newCDPSession(page);
  await slow.send('Network.enable');
  // So slow that it does not end before the kills, however late they are.
  await slow.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 20,
    downloadThroughput: -1,
    uploadThroughput: 50_000,
  });
  const file = { name: 'a.jpg', mimeType: 'image/jpeg', buffer: photo };
  await page.getByLabel('Foto prima').setInputFiles(file);
  await crew.queue();
  await expect(page.getByText(/Foto 1 di 1, [3-9]\d %/)).toBeVisible({ timeout: 60_000 });
  const [sha256, sent] = await page.evaluate(
    () =>
      new Promise<[string, string]>((done) => {
        const name = indexedDB.databases().then((all) => all.find((d) => d.name)?.name as string);
        void name.then((n) => {
          const asked = indexedDB.open(n);
          asked.onsuccess = () => {
            const kept = asked.result.transaction('blobs').objectStore('blobs').getAll();
            kept.onsuccess = () => {
              const [{ sha256, blob }] = kept.result as [{ sha256: string; blob: Blob }];
              const text = new FileReader();
              text.onload = () => done([sha256, String(text.result).split(',')[1] ?? '']);
              text.readAsDataURL(blob);
            };
          };
        });
      }),
  );
  // The office sees what it is long before it is there.
  const office = program.demo.devices.find((d) => d.login === 'operatrice');
  await expect
    .poll(async () => {
      const seen = await fetch(`${program.url}/media/reports/${report}/${sha256}/preview.jpg`, {
        headers: { authorization: `Bearer ${office?.token}` },
      });
      return [seen.status, seen.headers.get('content-type')];
    })
    .toEqual([200, 'image/jpeg']);
  await program.kill();
  const browser = await context.browser()?.newBrowserCDPSession();
  if (!browser) throw new Error('no browser');
  const { processInfo } = await browser.send('SystemInfo.getProcessInfo');
  const pid = processInfo.find((p) => p.type === 'browser')?.id;
  if (!pid) throw new Error('no process');
  const closed = new Promise((done) => context.once('close', done));
  process.kill(pid, 'SIGKILL');
  await closed;

  await program.start();
  expect(program.pieces()).toBeGreaterThan(0);
  context = await open();
  page = context.pages()[0] ?? (await context.newPage());
  const offsets: number[] = [];
  page.on('request', (r) => {
    if (r.method() === 'PATCH') offsets.push(Number(r.headers()['upload-offset']));
  });
  await page.goto('/crew');
  await new CrewPage(page).queue();
  await expect(page.getByText('Foto da inviare')).toHaveCount(0, { timeout: 60_000 });
  expect(offsets).toHaveLength(1);
  expect(offsets[0]).toBeGreaterThan(0);
  expect(pixels(program.original(sha256)).equals(pixels(Buffer.from(sent, 'base64')))).toBe(true);
  expect(program.pieces()).toBe(0);
  await context.close();
  rmSync(profile, { recursive: true, force: true });
});
