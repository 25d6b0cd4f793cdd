import { expect, test } from '@playwright/test';
import pa11y from 'pa11y';
import puppeteer from 'puppeteer';
import { uuid7 } from '../src/core/uuid7';
import { looks, screens, sizes } from './everywhere';

/** pa11y itself, which wants a browser of its own, on the citizens' pages of a
 * running demonstration. */
const { SEGNAVIA_URL = '', CHROMIUM = '/usr/bin/chromium' } = process.env;
test.skip(!SEGNAVIA_URL, 'needs a running demonstration');
test.describe.configure({ mode: 'parallel' });

for (const [look, media] of Object.entries(looks)) {
  test(`pa11y finds nothing on any screen, ${look}`, async ({ request }) => {
    test.setTimeout(240_000);
    const answer = await request.post(`${SEGNAVIA_URL}/api/v1/reports`, {
      data: { id: uuid7(), service: 'strade.buca', title: 'Buca', lon: 8.93, lat: 44.41 },
    });
    expect(answer.status()).toBe(201);
    const { code } = await answer.json();
    const browser = await puppeteer.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    const found: string[] = [];
    // Forced colours are the system's: no checker sees what it will paint.
    const told = ({ code }: { code: string }) =>
      look !== 'forced' || !(code === 'color-contrast' || code.includes('1_4_3'));
    let looked = 0;
    for (const width of Object.values(sizes)) {
      const page = await browser.newPage();
      const cdp = await page.createCDPSession();
      await cdp.send('Emulation.setEmulatedMedia', {
        features: [
          { name: 'prefers-color-scheme', value: media.colorScheme },
          { name: 'forced-colors', value: 'forcedColors' in media ? media.forcedColors : 'none' },
        ],
      });
      for (const path of screens(code)) {
        const { issues, documentTitle } = await pa11y(SEGNAVIA_URL + path, {
          browser,
          page,
          standard: 'WCAG2AA',
          runners: ['htmlcs', 'axe'],
          viewport: { width, height: 800 },
          hideElements: 'canvas',
        });
        expect(documentTitle, path).not.toBe('');
        looked++;
        for (const i of issues.filter(told)) found.push(`${path} ${width}: ${i.code} ${i.context}`);
      }
      await page.close();
    }
    await browser.close();
    expect(found).toEqual([]);
    expect(looked).toBe(Object.keys(sizes).length * screens(code).length);
  });
}
