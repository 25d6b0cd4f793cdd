import { expect, type Page, test } from '@playwright/test';
import { openOffice, userOf } from './office';
import { fits, rude, typeEverywhere } from './rude';

/** Against a running demonstration: SEGNAVIA_URL and SEGNAVIA_DEMO, its demo.json. */
test.skip(!process.env.SEGNAVIA_URL, 'needs a running demonstration');

test.describe.configure({ mode: 'parallel' });

const most = (text: string, n: number) => [...text].slice(0, n).join('');

async function everywhere(page: Page, path: string, text: string) {
  await page.goto(path);
  for (const fold of await page.locator('details:not([open]) > summary').all()) {
    if (await fold.isVisible()) await fold.click();
  }
  await typeEverywhere(page, text);
  await fits(page, path);
}

/** A report with a text in every place that takes words; its code. */
async function report(page: Page, text: string): Promise<string> {
  const sent = await page.request.post('/report', {
    headers: { Accept: 'application/json' },
    form: {
      service: 'strade.buca',
      asked: 'strade.buca',
      'attribute[grande]': 'sedia',
      address: most(`Via Balbi 12 ${text}`, 300),
      title: most(text, 160),
      description: `${text} ${text}`,
      name: most(text, 200),
      seen: '1',
    },
  });
  expect(sent.status(), await sent.text()).toBe(201);
  return (await sent.json()).code;
}

for (const [name, text] of Object.entries(rude)) {
  test(`${name}: no page of a citizen grows wider`, async ({ page }) => {
    test.setTimeout(120_000);
    for (const path of ['/report', '/report?kind=assistance', '/subscriptions', '/reports']) {
      await everywhere(page, path, text);
    }
    // What is wrong with it is told beside it.
    await page.goto('/report');
    await typeEverywhere(page, text);
    await page.locator('#send').click();
    await page.locator('#errors, [data-errors], [data-done]').first().waitFor();
    await fits(page, 'the answer to the form');

    const code = await report(page, text);
    await everywhere(page, `/r/${code}?thanks=1`, text);
    await everywhere(page, `/r/${code}`, text);
    const office = await openOffice();
    const id = (await (await office.http.get(`/api/v1/reports/${code}`)).json()).report.id;
    await office.change([
      { report: id, kind: 'reply', args: { text: `${text} ${text}`, public: true } },
      { report: id, kind: 'note', args: { text } },
    ]);
    await office.close();
    await page.goto(`/r/${code}`);
    await fits(page, 'the report as answered');
    await page.goto('/reports');
    await fits(page, 'the list');
    await page.goto('/report');
    await page.locator('#title').fill(most(text, 160));
    await page.waitForTimeout(600); // a draft is kept when the writing pauses
    await page.goto('/drafts');
    await fits(page, 'drafts');

    const { login, password } = userOf('operatrice');
    await page.goto('/desk');
    await page.getByLabel('Nome utente').fill(login);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Entra' }).click();
    await page.getByRole('navigation', { name: 'Code' }).waitFor();
    await page.goto(`/desk/case/${id}`);
    await page.locator('.case-head').waitFor();
    await typeEverywhere(page, text);
    await fits(page, 'the case of the office');
  });
}
