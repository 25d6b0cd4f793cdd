import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from '@playwright/test';

/** A browser with a disk of its own, that can lose its power and start again. */
export class PhoneBrowser {
  private readonly disk = mkdtempSync(join(tmpdir(), 'segnavia-phone-'));
  private process: ChildProcess | undefined;

  async start(): Promise<BrowserContext> {
    const child = spawn(
      process.env.CHROMIUM ?? '/usr/bin/chromium',
      [
        ...['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--lang=it-IT'],
        ...['--remote-debugging-port=0', `--user-data-dir=${this.disk}`, '--window-size=360,780'],
        'about:blank',
      ],
      { detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    this.process = child;
    const url = await new Promise<string>((done, failed) => {
      let said = '';
      child.on('exit', () => failed(new Error(`the browser ended: ${said}`)));
      child.stderr?.on('data', (part: Buffer) => {
        said += part;
        const at = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
        if (at) done(at);
      });
    });
    const browser = await chromium.connectOverCDP(url);
    const [context] = browser.contexts();
    if (!context) throw new Error('no context');
    return context;
  }

  /** All of its processes at once, without a word: an empty battery. */
  async kill() {
    const child = this.process;
    if (!child?.pid) return;
    const gone = new Promise((done) => child.once('exit', done));
    process.kill(-child.pid, 'SIGKILL');
    await gone;
    this.process = undefined;
  }

  async close() {
    await this.kill();
    rmSync(this.disk, { recursive: true, force: true, maxRetries: 5 });
  }
}
