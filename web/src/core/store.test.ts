import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import { NoRoom, type Picture, Store } from './store';
import { edit, grantOf, reportId } from './testing/fixtures';

let databases = 0;
const open = () => Store.open(`test-${++databases}`);
const row = (i: number, rev = 1) => ({ id: reportId(i), rev, body: { title: `t${i}` } });

test('a delta and its cursor are kept together and read again', async () => {
  const store = await open();
  await store.write([
    { w: 'replace', scope: 'team:a', rows: [row(1), row(2)], v: 7, upto: 9 },
    { w: 'row', scope: 'team:a', row: row(2, 5) },
    { w: 'gone', scope: 'team:a', id: reportId(1) },
    { w: 'cursor', scope: 'team:a', v: 8, upto: 9 },
    { w: 'replace', scope: 'team:b', rows: [row(3)], v: 1, upto: 1 },
    { w: 'epoch', epoch: 'e1' },
    { w: 'last_n', n: 4 },
  ]);
  const saved = await store.load();
  expect(saved.scopes).toEqual([
    { scope: 'team:a', v: 8, upto: 9, rows: [row(2, 5)] },
    { scope: 'team:b', v: 1, upto: 1, rows: [row(3)] },
  ]);
  expect(saved).toMatchObject({ epoch: 'e1', lastN: 4 });
});

test('writes are all kept or none', async () => {
  const store = await open();
  await store.write([{ w: 'replace', scope: 'team:a', rows: [row(1)], v: 1, upto: 1 }]);
  const broken = { id: reportId(2), rev: 1, body: { f: () => 0 } };
  await expect(
    store.write([
      { w: 'cursor', scope: 'team:a', v: 2, upto: 2 },
      { w: 'row', scope: 'team:a', row: broken as never },
    ]),
  ).rejects.toThrow();
  expect((await store.load()).scopes).toMatchObject([{ v: 1, rows: [row(1)] }]);
});

test('the order of capture is the database’s, and an answer moves the edit', async () => {
  const store = await open();
  const one = await store.capture(edit(reportId(1), 'note', { text: 'a' }), 'GE1');
  const two = await store.capture(edit(reportId(1), 'note', { text: 'b' }), 'GE1');
  expect(two.seq).toBeGreaterThan(one.seq);
  const answer = { id: one.edit.id, n: 1, status: 'applied' as const };
  await store.write([{ w: 'acked', item: { ...one, answer, at: 1, settled: false } }]);
  const saved = await store.load();
  expect(saved.outbox.map((i) => i.edit.id)).toEqual([two.edit.id]);
  expect(saved.acked.map((i) => i.edit.id)).toEqual([one.edit.id]);
  await store.write([{ w: 'reoffer', item: one }]);
  expect((await store.load()).outbox.map((i) => i.seq)).toEqual([one.seq, two.seq]);
});

test('a new epoch offers pictures again that were sent', async () => {
  const store = await open();
  const picture = (sha256: string) => ({
    sha256,
    report: reportId(1),
    edit: sha256,
    blob: new Blob(['x']),
    stage: 'after',
    at: 1,
  });
  await store.adopt([], [{ ...picture('sent'), sent: 5 }]);
  await store.adopt([], [{ ...picture('begun'), upload: 'http://town/media/uploads/1' }]);
  await store.adopt([], [{ ...picture('refused'), refused: 'photo_type' }]);
  await store.write([
    { w: 'cursor', scope: 'team:a', v: 2, upto: 2 },
    { w: 'epoch', epoch: 'e2' },
    { w: 'last_n', n: 7 },
  ]);
  const kept = await store.pictures();
  expect(kept.map((p) => [p.sha256, p.sent, p.upload, p.refused])).toEqual([
    ['begun', undefined, undefined, undefined],
    ['refused', undefined, undefined, 'photo_type'],
    ['sent', undefined, undefined, undefined],
  ]);
  expect(await store.load()).toMatchObject({ epoch: 'e2', lastN: 7 });
});

test('a picture is kept with its edit, and a wipe leaves nothing', async () => {
  const store = await open();
  const picture = {
    sha256: 'ab',
    report: reportId(1),
    edit: 'x',
    blob: new Blob(['x']),
    stage: 'after',
    at: 1,
  };
  await store.capture(edit(reportId(1), 'attach', {}), 'GE1', picture);
  expect(await store.pictures()).toHaveLength(1);
  await store.wipe();
  expect(await store.pictures()).toEqual([]);
  expect((await store.load()).outbox).toEqual([]);
});

const photo = (sha256: string, more: Partial<Picture> = {}): Picture => ({
  sha256,
  report: reportId(1),
  edit: 'x',
  blob: new Blob(['x']),
  stage: 'after',
  at: 1,
  ...more,
});

test('a connection that the system closed is opened again, and nothing is lost', async () => {
  const store = await open();
  await store.capture(edit(reportId(1), 'note', { text: 'a' }), 'GE1');
  // What iOS does to a page that slept.
  (store as unknown as { db: IDBDatabase }).db.close();
  await store.capture(edit(reportId(1), 'note', { text: 'b' }), 'GE1');
  (store as unknown as { db: IDBDatabase }).db.close();
  expect((await store.load()).outbox).toHaveLength(2);
});

test('no room is said as such, and leaves what was there', async () => {
  const store = await open();
  await store.capture(edit(reportId(1), 'note', { text: 'a' }), 'GE1');
  const add = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  const full = store.capture(edit(reportId(1), 'note', { text: 'b' }), 'GE1', photo('cd'));
  await expect(full).rejects.toBeInstanceOf(NoRoom);
  IDBObjectStore.prototype.add = add;
  expect((await store.load()).outbox).toHaveLength(1);
});

test('an edit taken back goes with its picture; a device ended keeps what only it has', async () => {
  const store = await open();
  const one = await store.capture(edit(reportId(1), 'attach', {}), '', photo('ab'));
  await store.write([{ w: 'withdrawn', seq: one.seq, sha256: 'ab' }]);
  expect([(await store.load()).outbox, await store.pictures()]).toEqual([[], []]);
  await store.write([{ w: 'replace', scope: 'team:a', rows: [row(1)], v: 1, upto: 1 }]);
  await store.capture(edit(reportId(1), 'attach', {}), '', photo('cd'));
  await store.adopt([], [photo('ef', { sent: 5 })]);
  await store.keepGrant(grantOf('anna'));
  await store.write([{ w: 'revoked', device: 'of another time' }]);
  expect(await store.end()).toBeUndefined();
  await store.write([{ w: 'revoked', device: 'd' }]);
  const saved = await store.load();
  expect([saved.scopes, saved.outbox.length]).toEqual([[], 1]);
  expect((await store.pictures()).map((p) => p.sha256)).toEqual(['cd']);
  expect(await store.end()).toBe('lost');
});

test('edits from elsewhere are adopted once, behind what is here, in their order', async () => {
  const [there, here] = [await open(), await open()];
  const one = await there.capture(edit(reportId(1), 'note', { text: 'a' }), 'GE1');
  const two = await there.capture(edit(reportId(1), 'attach', {}), 'GE1', photo('ab'));
  const own = await here.capture(edit(reportId(2), 'note', { text: 'c' }), 'GE2');
  expect(await here.adopt([one, two], [photo('ab')])).toHaveLength(2);
  expect(await here.adopt([one, two], [photo('ab')])).toEqual([]);
  const { outbox } = await here.load();
  expect(outbox.map((i) => i.edit.id)).toEqual([own.edit.id, one.edit.id, two.edit.id]);
  const answer = { id: one.edit.id, n: 1, status: 'applied' as const };
  await here.write([{ w: 'acked', item: { ...(outbox[1] ?? one), answer, at: 1, settled: true } }]);
  expect(await here.adopt([one, two], [])).toEqual([]);
});
