import { defineConfig } from '@playwright/test';

/** SEGNAVIA_URL names a server that runs already; without it the built site is
 * served by itself, and each test brings a town in memory. */
const port = process.env.SEGNAVIA_SITE_PORT ?? '4173';
const url = process.env.SEGNAVIA_URL ?? `http://127.0.0.1:${port}`;

export default defineConfig({
  testDir: 'e2e',
  timeout: 60_000,
  workers: 2,
  // On a machine that others use too a browser may be late once; what needed a
  // second try is listed as flaky.
  retries: process.env.CI ? 1 : 0,
  reporter: 'list',
  expect: { timeout: 15_000 },
  use: {
    actionTimeout: 15_000,
    baseURL: url,
    locale: 'it-IT',
    // A town in memory answers the page; a service worker would ask past it.
    serviceWorkers: process.env.SEGNAVIA_URL ? 'allow' : 'block',
    timezoneId: 'Europe/Rome',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--use-gl=angle',
        '--use-angle=swiftshader',
        '--enable-unsafe-swiftshader',
      ],
    },
  },
  ...(process.env.SEGNAVIA_URL
    ? {}
    : {
        webServer: { command: `node e2e/serve.mjs ${port}`, url: `${url}/crew` },
      }),
});
