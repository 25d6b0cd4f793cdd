import { expect, test } from '@playwright/test';
import { userOf } from './office';
import { DeskPage } from './pages/desk';

/** Somebody calls and has lost the PIN, against a running demonstration. */
const { SEGNAVIA_URL = '', SEGNAVIA_DEMO = '' } = process.env;
test.skip(!SEGNAVIA_URL || !SEGNAVIA_DEMO, 'needs a running demonstration');

test('the office gives a new PIN by telephone, and it opens the case', async ({ browser }) => {
  const office = await (await browser.newContext({ locale: 'it-IT' })).newPage();
  const desk = new DeskPage(office);
  await desk.signIn('operatrice', userOf('operatrice').password);
  const sent = await office.request.post('/api/v1/reports', {
    data: {
      id: '019a0000-0000-7000-8000-00000000a11c',
      service: 'strade.buca',
      title: 'PIN perso',
      description: 'Buca davanti al forno',
      lon: 8.93,
      lat: 44.41,
      channel: 'phone',
    },
  });
  expect([200, 201]).toContain(sent.status());
  const { code, pin: old } = await sent.json();
  await office.goto('/desk/case/019a0000-0000-7000-8000-00000000a11c');
  await office.getByRole('button', { name: 'Dai un PIN nuovo' }).click();
  const sure = office.getByRole('dialog');
  await expect(sure).toContainText('Il PIN di prima non vale più');
  await sure.getByRole('button', { name: 'Dai un PIN nuovo' }).click();
  const said = (await office.locator('[data-pin]').textContent()) ?? '';
  const pin = said.slice(said.indexOf('·') + 1).trim();
  expect(pin).toMatch(/^\d{3} \d{3}$/);
  expect(pin.replace(' ', '')).not.toBe(old);

  const citizen = await (await browser.newContext({ locale: 'it-IT' })).newPage();
  await citizen.goto(`/r/${code}`);
  await citizen.locator('input[name=pin]').fill(pin);
  await citizen.locator('form[action$="/pin"] button').click();
  await expect(citizen.getByText("Scrivi all'ufficio")).toBeVisible();
});
