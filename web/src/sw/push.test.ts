import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import { Store } from '../core/store';
import { edit, grantOf, reportId } from '../core/testing/fixtures';
import { pushWaiting } from './push';

const grant = { ...grantOf('u'), token: 'old', refresh: 'R' };

test('without a store nothing is sent, and none is made', async () => {
  await pushWaiting(() => Promise.reject(new Error('nothing to ask for')));
  expect((await indexedDB.databases()).map((d) => d.name)).toEqual([]);
});

test('what waits is sent under the numbers that follow, marked as gone, and stays to be answered', async () => {
  const store = await Store.open('segnavia-crew');
  await store.keepGrant(grant);
  await store.write([{ w: 'epoch', epoch: 'e1' }]);
  await store.capture(edit(reportId(1), 'note', { text: 'a' }), '');
  await store.capture(edit(reportId(1), 'note', { text: 'b' }), '');
  const sent: { path: string; token: string | null; body: Record<string, unknown> }[] = [];
  const http = (async (path: string, init: RequestInit) => {
    const token = new Headers(init.headers).get('authorization');
    sent.push({ path, token, body: JSON.parse(init.body as string) });
    const answers: Record<string, unknown> = {
      '/api/v1/devices/refresh': { token: 'new' },
      '/sync/hello': { t: 'welcome', epoch: 'e2', last_n: 7, limits: {} },
    };
    return new Response(JSON.stringify(answers[path] ?? {}));
  }) as typeof fetch;
  await pushWaiting(http);
  expect(sent.map((s) => [s.path, s.token])).toEqual([
    ['/api/v1/devices/refresh', null],
    ['/sync/hello', 'Bearer new'],
    ['/sync/push', 'Bearer new'],
  ]);
  expect(sent[2]?.body).toMatchObject({
    n0: 8,
    edits: [
      { args: { text: 'a' }, epoch: 'e1' },
      { args: { text: 'b' }, epoch: 'e1' },
    ],
  });
  expect((await store.load()).outbox.map((i) => i.sent)).toEqual([true, true]);
  const failing = (async () => new Response('', { status: 503 })) as typeof fetch;
  await expect(pushWaiting(failing)).rejects.toThrow('503');
  const ended = (async () => new Response('{}', { status: 401 })) as typeof fetch;
  await pushWaiting(ended);
  expect((await store.load()).outbox).toHaveLength(2);
});

test('a phone that was signed out, or lost, sends nothing and marks nothing as gone', async () => {
  const store = await Store.open('segnavia-crew');
  const unmarked = async () => (await store.load()).outbox.filter((i) => !i.sent).length;
  const nothing = () => Promise.reject(new Error('nothing to ask for'));
  await store.wipe();
  await store.keepGrant(grant);
  await store.capture(edit(reportId(1), 'note', { text: 'a' }), '');
  // Not sealed, as without a key: hidden alone.
  await store.write([{ w: 'signed_out', device: grant.device }]);
  await pushWaiting(nothing);
  expect(await unmarked()).toBe(1);
  await store.keepGrant(grant);
  await store.write([{ w: 'revoked', device: grant.device }]);
  await pushWaiting(nothing);
  expect(await unmarked()).toBe(1);
});
