import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Auth } from './auth';
import { Client } from './client';
import { Store } from './store';
import { tellTabs } from './tabs';
import { grantOf, report, reportId } from './testing/fixtures';

const anna = grantOf('anna');
let name: string;
let store: Store;
let left: ReturnType<typeof vi.fn<() => void>>;
let tabs: Client[];
let refreshed: string[];
let databases = 0;

/** Web Locks of one name: whoever asks first has it until their work ends. */
function locks() {
  let before: Promise<unknown> = Promise.resolve();
  return {
    request(_: string, { signal }: { signal: AbortSignal }, work: () => Promise<void>) {
      before = before.then(() => (signal.aborted ? undefined : work()));
      return before;
    },
  };
}

beforeEach(async () => {
  vi.stubGlobal('navigator', { locks: locks() });
  name = `client-${++databases}`;
  store = await Store.open(name);
  await store.keepGrant(anna);
  const row = { id: reportId(1), rev: 1, body: report(1) as never };
  await store.write([{ w: 'replace', scope: 'team:a', rows: [row], v: 1, upto: 1 }]);
  left = vi.fn<() => void>();
  tabs = [];
  refreshed = [];
});

afterEach(() => {
  for (const tab of tabs) tab.stop();
});

/** A tab whose sockets hear nothing; the town renews every grant. */
async function tab(): Promise<Client> {
  const silent = () => ({ send: () => {}, close: () => {} });
  const http = (async (_: string, init: RequestInit) => {
    const { refresh } = JSON.parse(init.body as string);
    refreshed.push(refresh);
    return new Response(JSON.stringify({ device: 'd', token: 'new', refresh, seal: 's' }));
  }) as typeof fetch;
  const client = await Client.start(
    { name, origin: '', wants: () => true, open: { socket: silent, twin: silent }, left },
    store,
    new Auth('', () => 'it', http),
    anna,
  );
  tabs.push(client);
  await vi.waitFor(() => expect(tabs[0]?.connection).toBe('connecting'));
  return client;
}

const hide = (c: Client) => c.capture(reportId(1), 'hide', { reason: 'x' });

test('what somebody keeps as another tab hides everything is kept, and goes where the rest is', async () => {
  const client = await tab();
  await store.write([{ w: 'signed_out', device: anna.device }]);
  expect((await hide(client)).status).toBe('applied');
  expect((await store.load()).outbox).toHaveLength(1);
  expect(left).toHaveBeenCalled();
});

test('a tab of somebody who has gone keeps nothing under the name of who is here now', async () => {
  const client = await tab();
  await store.wipe();
  await store.keepGrant({ ...grantOf('bo'), refresh: 'of bo' });
  expect((await hide(client)).status).toBe('refused');
  expect((await store.load()).outbox).toEqual([]);
  expect(left).toHaveBeenCalledTimes(1);
});

test('a tab that has just opened says how the connection is', async () => {
  await tab();
  const second = await tab();
  await vi.waitFor(() => expect([second.leads, second.connection]).toEqual([false, 'connecting']));
});

test('the tabs go by who signs in, and who leaves, in another', async () => {
  const [leads] = [await tab(), await tab()];
  // The same person, by another device: the tab that leads goes on with it.
  await store.keepGrant({ ...anna, device: 'e', token: 'of e' });
  tellTabs(name, 'signed_in');
  const grant = () => (leads as unknown as { engine: { token: string } }).engine.token;
  await vi.waitFor(() => expect(grant()).toBe('of e'));
  expect(left).not.toHaveBeenCalled();
  tellTabs(name, 'left');
  await vi.waitFor(() => expect(left).toHaveBeenCalledTimes(2));
  await store.keepGrant(grantOf('bo'));
  tellTabs(name, 'signed_in');
  await vi.waitFor(() => expect(left.mock.calls.length).toBeGreaterThanOrEqual(4));
  expect(refreshed).toEqual([]);
});

test('a grant of somebody else is not renewed by a tab that has not heard', async () => {
  const client = await tab();
  await store.keepGrant({ ...grantOf('bo'), refresh: 'of bo' });
  const { engine } = client as unknown as { engine: { carry(e: { do: 'refresh' }): void } };
  engine.carry({ do: 'refresh' });
  await vi.waitFor(() => expect(left).toHaveBeenCalledTimes(1));
  expect(refreshed).toEqual([]);
});
