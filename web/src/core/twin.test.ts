import { afterEach, expect, test } from 'vitest';
import type { ErrorFrame, ServerFrame } from './frames';
import type { Link } from './link';
import { twin } from './twin';

let link: Link | undefined;
afterEach(() => link?.close());

const answer = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });

function start(answers: Record<string, () => Response>) {
  const frames: ServerFrame[] = [];
  const closes: [number, ErrorFrame | undefined][] = [];
  const asked: string[] = [];
  const http = (async (url: string | URL | Request) => {
    const path = new URL(String(url)).pathname;
    asked.push(path);
    return answers[path]?.() ?? answer(404, {});
  }) as typeof fetch;
  link = twin(
    'http://town.example',
    () => 'T',
    {
      open() {},
      frame: (f) => frames.push(f),
      closed: (c, e) => closes.push([c, e]),
    },
    http,
  );
  return { frames, closes, asked, link };
}
const turn = () => new Promise((r) => setTimeout(r, 5));

test('hello and push travel by POST and sub is answered at once', async () => {
  const t = start({
    '/sync/hello': () =>
      answer(200, { t: 'welcome', epoch: 'e1', scopes: [{ scope: 'team:a', mode: 'tail' }] }),
    '/sync/push': () => answer(200, { t: 'ack', n: 1, results: [] }),
  });
  t.link.send({
    t: 'hello',
    proto: 1,
    device: 'd',
    token: 'T',
    epoch: null,
    cursors: {},
    next_n: 1,
  });
  await turn();
  t.link.send({ t: 'push', n0: 1, edits: [] });
  t.link.send({ t: 'sub', scopes: { 'team:a': 4, 'team:b': null } });
  await turn();
  expect(t.frames.map((f) => f.t).sort()).toEqual(['ack', 'subbed', 'welcome']);
  expect(t.frames.find((f) => f.t === 'subbed')).toMatchObject({
    scopes: [
      { scope: 'team:a', mode: 'tail' },
      { scope: 'team:b', mode: 'reset' },
    ],
  });
  expect(t.asked).toContain('/sync/events');
});

test('a gap leaves the connection standing, another error ends it with its code', async () => {
  const t = start({
    '/sync/push': () => answer(409, { t: 'error', code: 'gap', last_n: 2 }),
    '/sync/hello': () => answer(401, { t: 'error', code: 'token' }),
  });
  t.link.send({ t: 'push', n0: 9, edits: [] });
  await turn();
  expect(t.frames).toMatchObject([{ t: 'error', code: 'gap', last_n: 2 }]);
  expect(t.closes).toEqual([]);
  t.link.send({
    t: 'hello',
    proto: 1,
    device: 'd',
    token: 'T',
    epoch: null,
    cursors: {},
    next_n: 1,
  });
  await turn();
  expect(t.closes).toMatchObject([[4401, { code: 'token' }]]);
});
