import { beforeEach, expect, test } from 'vitest';
import { operator, otherTeam, reportId } from './testing/fixtures';
import { Wire } from './testing/harness';
import { captureOn, freshTown } from './testing/phone';
import type { Town } from './testing/town';
import { uuid7 } from './uuid7';

let town: Town;
let wire: Wire;

beforeEach(() => {
  town = freshTown();
  wire = new Wire(town);
});

const capture = (i: number, kind: string, args: Record<string, unknown>) =>
  captureOn(wire, i, kind, args);

test('a device that is ended forgets what is the town’s and keeps what was not sent', () => {
  wire.start();
  wire.settle();
  capture(1, 'note', { text: 'a' });
  wire.settle();
  wire.cut();
  const item = capture(2, 'note', { text: 'b' });
  wire.pass(31_000);
  wire.feed({ e: 'closed', code: 4401, error: { t: 'error', code: 'revoked', wipe: true } });
  expect([wire.session.tracks.size, wire.session.acked.size]).toEqual([0, 0]);
  expect(wire.session.outbox.map((i) => i.edit.id)).toEqual([item.edit.id]);
  expect(wire.disk.saved).toMatchObject({ scopes: [], acked: [] });
  expect(wire.disk.saved.outbox).toHaveLength(1);
  wire.pass(3600_000);
  expect(wire.session.phase).toBe('off');
});

test('a device whose person is signed out hides the lists and keeps what is the person’s', () => {
  wire.start();
  wire.settle();
  capture(1, 'note', { text: 'a' });
  wire.settle();
  wire.cut();
  const item = capture(2, 'note', { text: 'b' });
  wire.pass(31_000);
  wire.feed({ e: 'closed', code: 4401, error: { t: 'error', code: 'signed_out' } });
  expect(wire.ended).toBe('signed_out');
  expect(wire.session.tracks.size).toBe(0);
  expect(wire.disk.saved).toMatchObject({ scopes: [], ghosts: [] });
  expect(wire.disk.saved.outbox.map((i) => i.edit.id)).toEqual([item.edit.id]);
  expect(wire.disk.saved.acked).toHaveLength(1);
  wire.pass(3600_000);
  expect(wire.session.phase).toBe('off');
});

test('how a device has ended is told where its token is renewed, too', () => {
  for (const end of ['lost', 'signed_out'] as const) {
    wire = new Wire(freshTown());
    wire.start();
    wire.settle();
    wire.feed({ e: 'no_token', permanent: true, end });
    expect([wire.ended, wire.session.halt, wire.session.phase]).toEqual([end, end, 'off']);
  }
  // A token that nobody knows ends nothing.
  wire = new Wire(freshTown());
  wire.start();
  wire.settle();
  wire.feed({ e: 'no_token', permanent: true });
  expect(wire.ended).toBeUndefined();
  expect(wire.session.tracks.size).toBeGreaterThan(0);
});

test('a grant that has ended is not asked for again until its person is back', () => {
  for (const end of [undefined, 'lost', 'signed_out'] as const) {
    wire = new Wire(freshTown());
    wire.start();
    wire.settle();
    wire.feed({ e: 'frame', frame: { t: 'hb', token_expires_in: 60 } });
    expect(wire.refreshes).toBe(1);
    wire.now += 90_000;
    wire.feed({ e: 'no_token', permanent: true, end });
    wire.cut();
    wire.feed({ e: 'tick' });
    expect([wire.refreshes, wire.session.next()]).toEqual([1, Number.POSITIVE_INFINITY]);
  }
});

test('an edit is taken back while it has not left, and never after', () => {
  wire.start();
  wire.settle();
  wire.cut();
  const item = capture(1, 'note', { text: 'a' });
  expect(wire.session.pendingOf(reportId(1))).toHaveLength(1);
  wire.feed({ e: 'withdraw', id: item.edit.id });
  expect(wire.session.pendingOf(reportId(1))).toEqual([]);
  expect(wire.disk.saved.outbox).toEqual([]);

  const sent = capture(1, 'note', { text: 'b' });
  wire.pass(31_000);
  // Connected: it goes out. The wire dies before the answer.
  while (!wire.sent.some((f) => f.t === 'push')) {
    wire.flow();
    const event = wire.incoming.shift();
    if (!event) throw new Error('nothing was pushed');
    wire.feed(event);
  }
  wire.cut();
  wire.feed({ e: 'withdraw', id: sent.edit.id });
  expect(wire.session.outbox.map((i) => i.edit.id)).toEqual([sent.edit.id]);
  // Nor after the device has started again.
  wire.restart();
  wire.feed({ e: 'withdraw', id: sent.edit.id });
  expect(wire.session.outbox).toHaveLength(1);
  wire.settle();
  expect(wire.session.outbox).toEqual([]);
});

test('a picture that another edit waits for stays when one of them is taken back', () => {
  wire.start();
  wire.settle();
  const sha256 = 'ab'.repeat(32);
  const attach = { sha256, bytes: 100_000, mime: 'image/jpeg', stage: 'after' };
  const blobOf = (id: string) =>
    wire.session
      .handle({ e: 'withdraw', id }, wire.now)
      .flatMap((e) => (e.do === 'write' ? e.writes : []))
      .find((w) => w.w === 'withdrawn')?.sha256;
  // Answered, while its bytes may still be here.
  const first = capture(1, 'attach', attach);
  wire.settle();
  expect(wire.session.acked.get(first.edit.id)?.answer.status).toBe('applied');
  wire.cut();
  expect(blobOf(capture(2, 'attach', attach).edit.id)).toBeUndefined();
  const other = { ...attach, sha256: 'cd'.repeat(32) };
  expect(blobOf(capture(2, 'attach', other).edit.id)).toBe(other.sha256);
});

test('work taken back lets go of the ghost that it kept', () => {
  wire.start();
  wire.settle();
  town.busy.add(reportId(2));
  wire.cut();
  const item = capture(2, 'note', { text: 'a' });
  town.edit(reportId(2), 'assign', { team: otherTeam }, operator, uuid7());
  wire.pass(31_000);
  while (wire.session.ghosts.size === 0) {
    wire.flow();
    const event = wire.incoming.shift();
    if (!event) throw new Error('no ghost');
    if (event.e === 'frame' && event.frame.t === 'ack') continue;
    wire.feed(event);
  }
  const kept = wire.session.outbox.find((i) => i.edit.id === item.edit.id);
  if (kept) delete kept.sent;
  wire.feed({ e: 'withdraw', id: item.edit.id });
  expect(wire.session.ghosts.size).toBe(0);
});
