import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import puppeteer from 'puppeteer';

/** A browser that is not Chromium, as little of it as a visit needs. */
export interface Other {
  go(url: string): Promise<void>;
  /** Runs a function in the page; what it takes and gives is JSON. */
  run<A extends unknown[], T>(ask: (...a: A) => T, ...a: A): Promise<T>;
  close(): Promise<void>;
}

const firefox = '/usr/bin/firefox-esr';
const driver = '/usr/bin/WebKitWebDriver';
const small = () => {
  for (const arch of existsSync('/usr/lib') ? readdirSync('/usr/lib') : []) {
    for (const version of ['4.1', '4.0']) {
      const path = `/usr/lib/${arch}/webkit2gtk-${version}/MiniBrowser`;
      if (existsSync(path)) return path;
    }
  }
  return undefined;
};

/** How each that is installed here is opened. */
export const others: Record<string, (() => Promise<Other>) | undefined> = {
  Firefox: existsSync(firefox) ? openFirefox : undefined,
  WebKit: existsSync(driver) && small() ? openWebKit : undefined,
};

async function openFirefox(): Promise<Other> {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: firefox,
    extraPrefsFirefox: { 'intl.accept_languages': 'it' },
  });
  const page = await browser.newPage();
  return {
    async go(url) {
      await page.goto(url);
    },
    run: (ask, ...a) => page.evaluate(ask as never, ...(a as unknown as never[])),
    close: () => browser.close(),
  };
}

const freePort = () =>
  new Promise<number>((done) => {
    const s = createServer().listen(0, '127.0.0.1', () => {
      const at = s.address();
      s.close(() => done(typeof at === 'object' && at ? at.port : 0));
    });
  });

/** By the W3C's WebDriver protocol, on a screen of its own. */
async function openWebKit(): Promise<Other> {
  const port = await freePort();
  const child = spawn('xvfb-run', ['-a', driver, `--port=${port}`], {
    detached: true,
    stdio: 'ignore',
  });
  const end = () => child.pid && process.kill(-child.pid, 'SIGTERM');
  const post = async (path: string, body: unknown) => {
    const r = await fetch(`http://127.0.0.1:${port}/session${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    const { value } = await r.json();
    if (!r.ok) throw new Error(`${path}: ${value.error} ${value.message}`);
    return value;
  };
  const options = { binary: small(), args: ['--automation'] };
  const asked = { capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': options } } };
  let id = '';
  for (let tries = 0; !id; tries++) {
    try {
      id = (await post('', asked)).sessionId;
    } catch (err) {
      if (tries > 40) {
        end();
        throw err;
      }
      await wait(250); // the driver does not say when it listens
    }
  }
  return {
    async go(url) {
      await post(`/${id}/url`, { url });
    },
    run: (ask, ...args) =>
      post(`/${id}/execute/sync`, { script: `return (${ask}).apply(null, arguments)`, args }),
    async close() {
      await fetch(`http://127.0.0.1:${port}/session/${id}`, { method: 'DELETE' });
      end();
    },
  };
}
