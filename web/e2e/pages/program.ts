import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

type Demo = {
  url: string;
  jurisdiction: string;
  users: { role: string; login: string; password: string; team?: string }[];
  devices: { id: string; login: string; team?: string; token: string }[];
};

/** The real program with a small town of its own, to be killed. */
export class Program {
  readonly dir = mkdtempSync(join(tmpdir(), 'segnavia-'));
  readonly url: string;
  private child: ChildProcess | undefined;

  constructor(private readonly port: number) {
    this.url = `http://localhost:${port}`;
  }

  async start() {
    const args = ['demo', '--data-dir', this.dir, '--listen', `localhost:${this.port}`];
    const env = { ...process.env, SEGNAVIA_LOG_LEVEL: 'error' };
    const child = spawn('../bin/segnavia', [...args, '--reports', '60'], { env, stdio: 'ignore' });
    this.child = child;
    for (let i = 0; i < 300; i++) {
      const ready = await fetch(`${this.url}/readyz`).catch(() => undefined);
      if (ready?.ok && existsSync(join(this.dir, 'demo.json'))) return;
      if (child.exitCode !== null) throw new Error(`the program ended: ${child.exitCode}`);
      await wait(200);
    }
    throw new Error('the program did not become ready');
  }

  /** Kills it as a power cut would, and waits until it is gone. */
  async kill() {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await gone;
  }

  async remove() {
    await this.kill();
    await wait(500); // its database's last breath
    rmSync(this.dir, { recursive: true, force: true, maxRetries: 5 });
  }

  get demo(): Demo {
    return JSON.parse(readFileSync(join(this.dir, 'demo.json'), 'utf8'));
  }

  /** What lies in the bucket as the original of a picture. */
  original(sha256: string): Buffer {
    const all = readdirSync(join(this.dir, 'objects'), { recursive: true }) as string[];
    const at = all.find((name) => name.endsWith(`${sha256}/original`));
    return at ? readFileSync(join(this.dir, 'objects', at)) : Buffer.alloc(0);
  }

  /** How many pieces of uploads lie in the bucket. */
  pieces(): number {
    const all = readdirSync(join(this.dir, 'objects'), { recursive: true }) as string[];
    return all.filter((name) => /\/uploads\/[0-9a-f-]{36}\/[^/]+$/.test(name)).length;
  }
}
