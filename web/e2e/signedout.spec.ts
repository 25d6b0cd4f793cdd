import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { look } from './look';
import { openOffice, userOf } from './office';
import { CrewPage } from './pages/crew';
import { DeskPage } from './pages/desk';

/** What becomes of a phone whose person has a new password, against a running
 * demonstration: SEGNAVIA_URL and SEGNAVIA_DEMO, its demo.json. */
const { SEGNAVIA_URL = '', SEGNAVIA_DEMO = '' } = process.env;
test.skip(!SEGNAVIA_URL || !SEGNAVIA_DEMO, 'needs a running demonstration');

const phone = { viewport: { width: 360, height: 740 }, locale: 'it-IT' };

/** Sets a password as who runs the program does; the one of before, so that other tests
 * may use it. */
const newPassword = (login: string) =>
  execFileSync(
    join('..', 'bin', 'segnavia'),
    ['user', '--data-dir', dirname(SEGNAVIA_DEMO), login],
    {
      input: `${userOf(login).password}\n`,
      stdio: ['pipe', 'ignore', 'ignore'],
    },
  );

async function signIn(page: Page, login: string) {
  const crew = new CrewPage(page);
  await crew.signIn(login, userOf(login).password);
  await expect(crew.connection).toContainText('Collegato');
  return crew;
}

/** A picture like no other, as a camera would give it. */
async function photograph(page: Page, n: number) {
  const png = await page.evaluate((hue) => {
    const canvas = document.createElement('canvas');
    canvas.width = 240;
    canvas.height = 180;
    const c = canvas.getContext('2d') as CanvasRenderingContext2D;
    c.fillStyle = `hsl(${hue} 40% 50%)`;
    c.fillRect(0, 0, 240, 180);
    return canvas.toDataURL('image/png').split(',')[1] as string;
  }, n * 37);
  await page.getByLabel('Foto dopo').setInputFiles({
    name: `${n}.png`,
    mimeType: 'image/png',
    buffer: Buffer.from(png, 'base64'),
  });
}

/** All that this origin keeps on the phone, as text. */
const onDisk = (page: Page) =>
  page.evaluate(async () => {
    const kept = [JSON.stringify({ ...localStorage })];
    const decoder = new TextDecoder('latin1');
    const db = await new Promise<IDBDatabase>((done) => {
      const r = indexedDB.open('segnavia-crew');
      r.onsuccess = () => done(r.result);
    });
    for (const name of db.objectStoreNames) {
      const all = await new Promise<unknown[]>((done) => {
        const r = db.transaction(name).objectStore(name).getAll();
        r.onsuccess = () => done(r.result);
      });
      for (const value of all) {
        kept.push(JSON.stringify(value));
        const { blob, bytes } = value as { blob?: Blob; bytes?: ArrayBuffer };
        if (blob) kept.push(decoder.decode(await blob.arrayBuffer()));
        if (bytes) kept.push(decoder.decode(bytes));
      }
    }
    db.close();
    return kept.join('\n');
  });

test('twenty edits and five photos that were not sent outlive a new password', async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const { login, team = '' } = userOf('squadra7');
  const office = await openOffice();
  const title = `Password nuova ${Date.now()}`;
  const [id = ''] = await office.jobs(1, team, title);
  const context = await browser.newContext(phone);
  const page = await context.newPage();
  const crew = await signIn(page, login);
  await crew.open(`${title} 1`);
  await context.setOffline(true);
  await expect(crew.connection).toContainText('Senza rete');
  for (let n = 1; n <= 15; n++) {
    await crew.note(`Misurata la nota ${n}`);
    await expect(page.getByText(`Misurata la nota ${n}`, { exact: true })).toBeVisible();
  }
  for (let n = 1; n <= 5; n++) await photograph(page, n);
  await expect(crew.connection).toContainText('25');
  await page.getByLabel('Scrivi una nota').fill('Parole cominciate');

  newPassword(login);
  await context.setOffline(false);
  const notice = page.getByText(/Qui ci sono 25 cose di/);
  await expect(notice).toBeVisible({ timeout: 60_000 });
  await expect(page.locator('body')).not.toContainText(title);
  await expect
    .poll(async () => /Misurata|cominciate|Password nuova|PNG|JFIF/.exec(await onDisk(page))?.[0])
    .toBeUndefined();
  await look(page, 'signed-out-360');
  // Nor after the page is opened anew.
  await page.reload();
  await expect(notice).toBeVisible();

  // Somebody else works on this phone meanwhile.
  const other = await signIn(page, 'squadra6');
  await expect(page.getByText('25', { exact: true })).toHaveCount(0);
  await other.queue();
  await expect(other.count('Su questo telefono')).toHaveText('0');
  await page.locator('.tabs').getByRole('link', { name: 'Telefono' }).click();
  await page.getByRole('button', { name: 'Esci', exact: true }).click();
  await page.getByLabel('Nome utente').waitFor();

  const again = await signIn(page, login);
  await again.open(`${title} 1`);
  await expect(page.getByLabel('Scrivi una nota')).toHaveValue('Parole cominciate');
  await again.queue();
  await expect(again.count('Su questo telefono')).toHaveText('0', { timeout: 60_000 });
  const { history } = await office.caseOf(id);
  const done = (kind: string) =>
    history.filter((e) => e.kind === kind && e.result.status === 'applied').length;
  expect([done('note'), done('attach')]).toEqual([15, 5]);
  await expect
    .poll(async () => (await office.caseOf(id)).history.filter((e) => e.kind === 'photo').length)
    .toBe(5);
  await context.close();
});

test('whoever signs out everywhere is out on every phone and computer', async ({ browser }) => {
  test.setTimeout(90_000);
  const phoneOf = async () => (await browser.newContext(phone)).newPage();
  const one = await phoneOf();
  const login = 'squadra8';
  await signIn(one, login);
  const two = await phoneOf();
  await signIn(two, login);
  await two.locator('.tabs').getByRole('link', { name: 'Telefono' }).click();
  await two.getByRole('button', { name: 'Esci da tutti i dispositivi' }).click();
  await look(two, 'sign-out-everywhere-360');
  // Without a network nothing is said to be done.
  await two.context().setOffline(true);
  await two.getByRole('dialog').getByRole('button', { name: 'Esci da tutti' }).click();
  await expect(two.getByRole('dialog').getByRole('alert')).toContainText('serve la rete');
  await two.context().setOffline(false);
  await two.getByRole('dialog').getByRole('button', { name: 'Esci da tutti' }).click();
  for (const page of [two, one]) {
    await expect(page.getByText(/Sei uscito da tutti i dispositivi/)).toBeVisible({
      timeout: 30_000,
    });
  }
  await signIn(one, login);
  for (const page of [one, two]) await page.context().close();
});

test('the desk lets its person out everywhere, and in again', async ({ browser }) => {
  const context = await browser.newContext({ locale: 'it-IT' });
  const page = await context.newPage();
  const { login, password } = userOf('pianificatrice');
  const desk = new DeskPage(page);
  await desk.signIn(login, password);
  await page.locator('.menu summary').click();
  await look(page, 'desk-menu-1280');
  await page.getByRole('button', { name: 'Esci da tutti i dispositivi' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Esci da tutti' }).click();
  await expect(page.getByText(/Sei uscito da tutti i dispositivi/)).toBeVisible();
  await desk.signIn(login, password);
  await context.close();
});

test('two tabs of one phone: both hide, both are back, and neither shows who has left', async ({
  browser,
}) => {
  test.setTimeout(90_000);
  const context = await browser.newContext(phone);
  const [one, two] = [await context.newPage(), await context.newPage()];
  const login = 'squadra8';
  const first = await signIn(one, login);
  await two.goto('/crew');
  const second = new CrewPage(two);
  await expect(second.connection).toContainText('Collegato');
  await two.locator('.tabs').getByRole('link', { name: 'Telefono' }).click();
  await two.getByRole('button', { name: 'Esci da tutti i dispositivi' }).click();
  await two.getByRole('dialog').getByRole('button', { name: 'Esci da tutti' }).click();
  for (const page of [one, two])
    await expect(page.getByText(/Sei uscito da tutti i dispositivi/)).toBeVisible();
  // Who signs in at once in one of them is not put out again by the other's end.
  await signIn(two, login);
  await one.reload();
  await expect(first.connection).toContainText('Collegato');
  await expect(second.connection).toContainText('Collegato');
  await two.locator('.tabs').getByRole('link', { name: 'Telefono' }).click();
  await two.getByRole('button', { name: 'Esci', exact: true }).click();
  for (const page of [one, two]) await expect(page.getByLabel('Nome utente')).toBeVisible();
  await context.close();
});
