import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { byRanges } from '../basemap/download';
import { Auth } from './auth';
import { Fetches } from './fetches';
import { patiently } from './patience';
import { Pictures } from './pictures';
import type { Picture, Store } from './store';

/** A network that takes a request and says nothing, or stops in the middle. */
const silent =
  (first?: string): typeof fetch =>
  async (_, init) => {
    const over = init?.signal;
    const ended = () => over?.reason ?? new Error('over');
    if (first === undefined) {
      return new Promise((_, fail) => over?.addEventListener('abort', () => fail(ended())));
    }
    const body = new ReadableStream({
      start(c) {
        c.enqueue(new TextEncoder().encode(first));
        over?.addEventListener('abort', () => c.error(ended()));
      },
    });
    return new Response(body, { status: first === 'map' ? 206 : 200 });
  };

test('an answer may take long while something comes', async () => {
  const all = await patiently(40, async (signal, alive) => {
    for (let i = 0; i < 6; i++) {
      await new Promise((r) => setTimeout(r, 20));
      alive();
    }
    return signal.aborted;
  });
  expect(all).toBe(false);
});

const snapshot = { do: 'snapshot', scope: 's', req: 1, epoch: 'e' } as const;
const pull = { do: 'pull', scope: 's', req: 1, from: 0, epoch: 'e', limit: 500 } as const;

test.each([
  ['before the answer', undefined],
  ['in the middle', '{"t":"snapshot","epoch":"e","v":5}\n'],
])('a read of the protocol that stands still %s has failed', async (_, first) => {
  const fetches = new Fetches('http://town.example', () => 'T', silent(first), 20);
  expect(await fetches.run(snapshot)).toMatchObject({ e: 'failed', status: 0 });
  expect(await fetches.run(pull)).toMatchObject({ e: 'failed', status: 0 });
});

test('a token that is asked for on a network that stands still is asked for again', async () => {
  for (const first of [undefined, '{"to']) {
    const auth = new Auth('http://town.example', () => 'it', silent(first), 20);
    await expect(auth.refresh({ refresh: 'r' } as never)).rejects.toThrow();
  }
});

test('a piece of the map that stands still is given up', async () => {
  for (const first of [undefined, 'map']) {
    const get = byRanges(silent(first), 20);
    await expect(get({ url: '/m', sha256: 'x' } as never, 0, 100)).rejects.toThrow();
  }
});

test('a picture whose question stands still lets the next round begin', async () => {
  const p = { sha256: 'a', report: 'r', edit: 'e', stage: 'before', at: 1 };
  const blob = new Blob([new Uint8Array(10)], { type: 'image/jpeg' });
  const picture: Picture = { ...p, blob };
  const store = {
    pictures: async () => [picture],
    picture: async () => picture,
    changePicture: async () => undefined,
  } as unknown as Store;
  let carried = 0;
  const around = { token: () => 'T', changed: () => {}, moved: () => {} };
  const sender = new Pictures(
    'http://town.example',
    store,
    around,
    silent(),
    async () => {
      carried++;
      return 'later';
    },
    async () => undefined,
    20,
  );
  await sender.send(() => true, 0);
  await sender.send(() => true, 0);
  expect(carried).toBe(2);
});

/** What stands between a call's own parentheses. */
function argumentsOf(text: string, from: number): string {
  let deep = 1;
  let to = from;
  for (; deep > 0 && to < text.length; to++) {
    if (text[to] === '(') deep++;
    if (text[to] === ')') deep--;
  }
  return text.slice(from, to);
}

/** Each request says when it is given up: the rule for all sources but the service
 * workers' hands-through, whose limit is the page's. */
test('no request waits without an end', () => {
  const src = fileURLToPath(new URL('..', import.meta.url));
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' });
  const wrong: string[] = [];
  let looked = 0;
  for (const file of files) {
    if (!/\.tsx?$/.test(file) || /\.test\.ts$|testing|^sw\/worker|^citizen\/worker/.test(file)) {
      continue;
    }
    const text = readFileSync(`${src}/${file}`, 'utf8');
    const calls = /(?<![\w'"`/*])(?:fetch|http|\(x\.http \?\? fetch\))\((?!\.\.\.)/g;
    for (const call of text.matchAll(calls)) {
      looked++;
      if (!/\bsignal\b/.test(argumentsOf(text, call.index + call[0].length))) {
        wrong.push(`${file}: ${text.slice(call.index, call.index + 60)}`);
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(looked).toBeGreaterThan(10);
});
