import { expect, test } from '@playwright/test';
import { openOffice, userOf } from './office';
import { CrewPage } from './pages/crew';

/** Against a running demonstration: SEGNAVIA_URL and SEGNAVIA_DEMO, its demo.json. */
test.skip(!process.env.SEGNAVIA_URL || !process.env.SEGNAVIA_DEMO, 'needs a demonstration');
test.use({ viewport: { width: 360, height: 740 } });

const jobs = 2000;
const limitMs = 1500;

test('with two thousand jobs the list is there, without network, in a second and a half', async ({
  page,
  context,
}) => {
  test.setTimeout(240_000);
  const { login, password, team = '' } = userOf('squadra3');
  const office = await openOffice();
  await office.jobs(jobs, team);
  await office.close();

  const crew = new CrewPage(page);
  await crew.signIn(login, password);
  await expect(crew.connection).toContainText('Collegato', { timeout: 60_000 });
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  await expect(page.getByText('Pronto anche senza rete')).toBeVisible();
  await page.locator('.tabs').getByRole('link', { name: 'Telefono' }).click();
  await expect(page.getByText(/^[\d.]{4,} lavori, [\d,]+ MB$/)).toBeVisible();
  await page.close();
  await context.setOffline(true);

  /** From the touch on the icon to the first job drawn, milliseconds. */
  const open = async (slower: number) => {
    const opened = await context.newPage();
    const cdp = await context.newCDPSession(opened);
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: slower });
    await opened.addInitScript(() => {
      const seen = () => {
        if (!document.querySelector('.job-card')) return requestAnimationFrame(seen);
        requestAnimationFrame(() => {
          document.documentElement.dataset.took = String(Math.round(performance.now()));
        });
        return 0;
      };
      requestAnimationFrame(seen);
    });
    await opened.goto('/crew');
    await expect(opened.locator('html')).toHaveAttribute('data-took', /\d+/);
    const ms = Number(await opened.locator('html').getAttribute('data-took'));
    expect(await opened.locator('.job-card').count(), 'drawn in part').toBeLessThan(200);
    await opened.close();
    return ms;
  };
  const took: number[] = [];
  for (let i = 0; i < 5; i++) took.push(await open(1));
  took.sort((a, b) => a - b);
  const slow = await open(4);
  console.log(`offline, ${jobs} jobs: ${took.join(', ')} ms; with a quarter of the CPU ${slow} ms`);
  expect(took[2]).toBeLessThan(limitMs);

  // The rest comes as one scrolls.
  const page2 = await context.newPage();
  await page2.goto('/crew');
  await page2.locator('.job-card').first().waitFor();
  const before = await page2.locator('.job-card').count();
  await page2.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await expect.poll(() => page2.locator('.job-card').count()).toBeGreaterThan(before);
});
