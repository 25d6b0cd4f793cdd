import 'fake-indexeddb/auto';
import { beforeEach, expect, test } from 'vitest';
import type { Item } from './outbox';
import { seal, sealKey, unseal } from './seal';
import { sealAll, sealDrafts, sealedOf, unsealAll } from './sealing';
import { type Grant, NotTheirs, Store } from './store';
import { edit, grantOf, reportId } from './testing/fixtures';

const anna = grantOf('anna');
const bo = grantOf('bo');

let store: Store;
let databases = 0;

beforeEach(async () => {
  store = await Store.open(`sealing-${++databases}`);
  await store.keepGrant(anna);
});

const keyFor = async (g: Grant) => {
  const key = await sealKey(g.seal);
  if (!key) throw new Error('no key');
  return key;
};

/** No words were begun. */
const none = () => false;

const bytes = (n: number) => Uint8Array.from({ length: 5000 }, (_, i) => (i * n) % 251);

/** Edits of a day without a network, and their photos. */
async function work(): Promise<Item[]> {
  const items: Item[] = [];
  for (let n = 1; n <= 20; n++) {
    const kind = n <= 5 ? 'attach' : 'note';
    const e = edit(reportId(n), kind, { text: `nota ${n}`, sha256: `${n}`.repeat(64) });
    const picture = {
      sha256: `${n}`.repeat(64),
      report: reportId(n),
      edit: e.id,
      blob: new Blob([bytes(n)], { type: 'image/jpeg' }),
      stage: 'after',
      at: n,
    };
    items.push(await store.capture(e, `GE ${n}`, n <= 5 ? picture : undefined));
  }
  return items;
}

async function signOut(g = anna) {
  await store.write([{ w: 'signed_out', device: 'd' }]);
  await sealAll(store, g.user.id, await keyFor(g));
}

/** All that the database holds, as text. */
const dumped = async () => {
  const parts: string[] = [];
  await store.on(async (db) => {
    for (const name of db.objectStoreNames)
      for (const value of await db.getAll(name)) {
        parts.push(JSON.stringify(value));
        const { blob, bytes } = value as { blob?: Blob; bytes?: ArrayBuffer };
        if (blob) parts.push(await blob.text());
        if (bytes) parts.push(Buffer.from(bytes).toString('latin1'));
      }
  });
  return parts.join('\n');
};

test('what waits is sealed whole, and found again in its order by its person', async () => {
  const items = await work();
  await store.write([
    { w: 'replace', scope: 'team:a', rows: [{ id: reportId(1), rev: 1, body: {} }], v: 1, upto: 1 },
  ]);
  const pictures = await store.pictures();
  await signOut();
  expect([await store.end(), await store.unsent()]).toEqual(['signed_out', 0]);
  expect(await store.load()).toMatchObject({ outbox: [], scopes: [] });
  expect(await sealedOf(store, 'anna')).toBe(25);
  const kept = await dumped();
  expect(kept).not.toContain('nota 7');
  expect(kept).not.toContain(Buffer.from(bytes(2)).toString('latin1').slice(0, 100));
  expect(kept, 'nor the key').not.toContain(anna.seal);

  await store.keepGrant(anna);
  await unsealAll(store, 'anna', await keyFor(anna), none);
  expect((await store.load()).outbox).toEqual(items);
  expect(await sealedOf(store, 'anna')).toBe(0);
  for (const [i, p] of (await store.pictures()).entries()) {
    expect({ ...p, blob: await p.blob.arrayBuffer() }).toEqual({
      ...pictures[i],
      blob: await (pictures[i] as { blob: Blob }).blob.arrayBuffer(),
    });
    expect(p.blob.type).toBe('image/jpeg');
  }
});

test('somebody else who signs in finds nothing, and loses nothing of it', async () => {
  const items = await work();
  await signOut();
  await store.wipe();
  await store.keepGrant(bo);
  await unsealAll(store, 'bo', await keyFor(bo), none);
  expect((await store.load()).outbox).toEqual([]);
  const other = await store.capture(edit(reportId(3), 'note', { text: 'b' }), 'GE 3');
  // Nor with the wrong key.
  await unsealAll(store, 'anna', await keyFor(bo), none);
  expect((await store.load()).outbox).toEqual([other]);
  await store.write([
    { w: 'acked', item: { ...other, answer: {} as never, at: 1, settled: true } },
  ]);
  await store.keepGrant(anna);
  await unsealAll(store, 'anna', await keyFor(anna), none);
  expect((await store.load()).outbox).toEqual(items);
});

test('sealing that is cut short goes on, and ends where the person is back', async () => {
  const items = await work();
  await store.write([{ w: 'signed_out', device: 'd' }]);
  const key = await keyFor(anna);
  // The page ends after seven.
  let left = 7;
  const on = store.on.bind(store);
  store.on = (work) => (left-- > 0 ? on(work) : Promise.reject(new Error('gone')));
  await expect(sealAll(store, 'anna', key)).rejects.toThrow('gone');
  store.on = on;
  const sealed = await sealedOf(store, 'anna');
  expect(sealed).toBeGreaterThan(0);
  expect(sealed + (await store.unsent())).toBe(25);
  expect((await store.grant())?.seal, 'to go on with').toBe(anna.seal);
  await sealAll(store, 'anna', key);
  expect([await sealedOf(store, 'anna'), await store.unsent()]).toEqual([25, 0]);

  await store.keepGrant(anna);
  await unsealAll(store, 'anna', key, none);
  await sealAll(store, 'anna', key); // a tab that has not heard
  expect((await store.load()).outbox).toEqual(items);
  expect(await store.grant()).toEqual(anna);
});

test('words that were begun are sealed too', async () => {
  await store.write([{ w: 'signed_out', device: 'd' }]);
  const key = await keyFor(anna);
  expect(await sealDrafts(store, 'anna', key, {})).toBe(false);
  expect(await sealDrafts(store, 'anna', key, { r1: 'Ho visto che' })).toBe(true);
  expect(await dumped()).not.toContain('Ho visto');
  // A place that is full, or a page that ends: they are let go of once they are kept.
  const begun: object[] = [];
  await unsealAll(store, 'anna', key, (d) => begun.push(d) > 1);
  await unsealAll(store, 'anna', key, (d) => begun.push(d) > 1);
  await unsealAll(store, 'anna', key, (d) => begun.push(d) > 1);
  expect(begun).toEqual([{ r1: 'Ho visto che' }, { r1: 'Ho visto che' }]);
});

test('what is written while the person is signed out does not lie open beside what is sealed', async () => {
  const [item, sent] = await work();
  const [one, two] = await store.pictures();
  if (!item || !sent || !one || !two) throw new Error('nothing to do');
  const key = await keyFor(anna);
  // An upload began; its picture is sealed while the town answers.
  await signOut();
  const done = await store.changePicture(one.sha256, (p) => ({ ...p, sent: 1 }));
  expect(done).toBeUndefined();
  // A tab that has not heard: answers, rows and marks come to it.
  await store.write([
    { w: 'acked', item: { ...item, answer: {} as never, at: 1, settled: true } },
    { w: 'item', item: { ...sent, sent: true } },
    { w: 'replace', scope: 'team:a', rows: [{ id: 'x', rev: 1, body: {} }], v: 1, upto: 1 },
    { w: 'epoch', epoch: 'e9' },
  ]);
  expect(await store.load()).toMatchObject({ outbox: [], acked: [], scopes: [], epoch: null });
  // And somebody goes on there: it is kept, and sealed with the rest.
  await store.capture(edit(reportId(3), 'note', { text: 'nota 21' }), 'GE 3', undefined, 'anna');
  await sealAll(store, 'anna', key);
  expect([await sealedOf(store, 'anna'), await store.unsent()]).toEqual([26, 0]);
});

test('what changes while it is being sealed is sealed as it is then', async () => {
  await work();
  await store.write([{ w: 'signed_out', device: 'd' }]);
  const key = await keyFor(anna);
  const on = store.on.bind(store);
  // The worker marks what leaves between the look and the lock.
  let looks = 0;
  store.on = async (work) => {
    const value = await on(work);
    if (++looks === 2) await on((db) => db.put('outbox', { ...(value as Item), sent: true }));
    return value;
  };
  await sealAll(store, 'anna', key);
  store.on = on;
  expect([await sealedOf(store, 'anna'), (await store.grant())?.token]).toEqual([25, '']);
  await store.keepGrant(anna);
  await unsealAll(store, 'anna', key, none);
  expect((await store.load()).outbox.filter((i) => i.sent)).toHaveLength(1);
});

test('a tab of somebody who has gone neither seals, nor writes, nor keeps in the name of another', async () => {
  await work();
  await signOut();
  await store.wipe();
  await store.keepGrant({ ...bo, device: 'of bo' });
  const theirs = await store.capture(edit(reportId(1), 'note', { text: 'b' }), '', undefined, 'bo');
  const late = store.capture(edit(reportId(1), 'note', { text: 'a' }), '', undefined, 'anna');
  await expect(late).rejects.toThrow(NotTheirs);
  await store.write([{ w: 'cursor', scope: 'team:a', v: 1, upto: 1 }], 'anna');
  expect((await store.load()).scopes).toEqual([]);
  await store.write([{ w: 'signed_out', device: 'd' }]); // the town's last word to that tab
  expect(await store.end()).toBeUndefined();
  await store.write([{ w: 'signed_out', device: 'of bo' }]);
  await sealAll(store, 'anna', await keyFor(anna));
  expect(await store.load()).toMatchObject({ outbox: [theirs], scopes: [] });
});

test('a renewed grant does not undo a sign-out', async () => {
  await signOut();
  await store.renewGrant({ ...anna, token: 'late' });
  expect(await store.grant()).toMatchObject({ token: '', refresh: '', user: { id: 'anna' } });
});

test('a changed byte is no work of anybody', async () => {
  const key = await keyFor(anna);
  const sealed = { user: 'a', from: 'outbox', key: 1, waits: true } as const;
  const { iv, bytes } = await seal(key, { blob: new Blob(['x']) });
  new Uint8Array(bytes).set([0, 0, 0, 0], 3);
  await expect(unseal(key, { ...sealed, iv, bytes })).rejects.toThrow();
  expect(await sealKey(undefined)).toBeUndefined();
});
