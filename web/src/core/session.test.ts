import { beforeEach, expect, test } from 'vitest';
import { desk, edit, operator, otherTeam, reportId } from './testing/fixtures';
import { Wire } from './testing/harness';
import { captureOn, freshTown, scope } from './testing/phone';
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
const held = () =>
  [...(wire.session.tracks.get(scope)?.held.rows.values() ?? [])].sort((a, b) =>
    a.id < b.id ? -1 : 1,
  );
const onServer = () => town.snapshot(scope).rows;

test('a bare device gets a snapshot of what it is offered, then the tail', () => {
  wire.start();
  wire.settle();
  expect(held()).toEqual(onServer());
  expect(wire.session.fresh).toBe(true);
  town.edit(reportId(1), 'note', { text: 'x' }, operator, uuid7());
  wire.settle();
  expect(held()).toEqual(onServer());
});

test('a device that stopped starts from its disk and gets only what is new', () => {
  wire.start();
  wire.settle();
  town.edit(reportId(1), 'note', { text: 'x' }, operator, uuid7());
  wire.sent.length = 0;
  wire.restart();
  wire.settle();
  expect(wire.sent[0]).toMatchObject({ t: 'hello', cursors: { [scope]: 5 } });
  expect(held()).toEqual(onServer());
});

test('an edit is pushed, answered, and its overlay ends with its op', () => {
  wire.start();
  wire.settle();
  capture(1, 'transition', { to: 'in_progress' });
  expect(wire.session.pendingOf(reportId(1))).toHaveLength(1);
  wire.settle();
  expect(wire.session.outbox).toEqual([]);
  expect(wire.session.pendingOf(reportId(1))).toEqual([]);
  expect(town.reports.get(reportId(1))?.status).toBe('in_progress');
  expect([...wire.session.acked.values()][0]?.answer.status).toBe('applied');
});

test.each(['ack first', 'op first'])(
  'with the %s the overlay ends exactly once both agree',
  (order) => {
    wire.start();
    wire.settle();
    capture(1, 'note', { text: 'fatto' });
    wire.flow();
    if (order === 'op first') wire.incoming.reverse();
    const [first, second] = wire.incoming.splice(0);
    wire.feed(first as never);
    // The ack alone leaves the overlay; the op alone ends it, though unanswered.
    expect(wire.session.pendingOf(reportId(1))).toHaveLength(order === 'ack first' ? 1 : 0);
    expect(wire.session.outbox).toHaveLength(order === 'ack first' ? 0 : 1);
    wire.feed(second as never);
    expect(wire.session.pendingOf(reportId(1))).toEqual([]);
    expect(wire.session.outbox).toEqual([]);
  },
);

test('no answer in ten seconds: the same push again, and one effect', () => {
  wire.start();
  wire.settle();
  capture(1, 'note', { text: 'x' });
  wire.incoming.length = 0;
  wire.pass(10_000);
  const pushes = wire.sent.filter((f) => f.t === 'push');
  expect(pushes).toHaveLength(2);
  expect(pushes[1]).toEqual(pushes[0]);
  wire.settle();
  expect(Object.keys(town.reports.get(reportId(1))?.notes ?? {})).toHaveLength(1);
  expect(wire.session.outbox).toEqual([]);
});

test('a gap renumbers what is unanswered, in the same order, with the same ids', () => {
  wire.start();
  wire.settle();
  wire.feed({ e: 'frame', frame: { t: 'ack', n: 7, results: [] } });
  const ids = [1, 2, 3].map((i) => capture(i, 'note', { text: 'x' }).edit.id);
  wire.settle();
  expect([...town.results.keys()]).toEqual(ids);
  expect(town.lastN).toBe(3);
  expect(wire.session.lastN).toBe(3);
  expect(wire.session.outbox).toEqual([]);
});

test('retry holds back one report, decides the others, and comes again', () => {
  wire.start();
  wire.settle();
  town.busy.add(reportId(1));
  capture(1, 'note', { text: 'a' });
  capture(2, 'note', { text: 'b' });
  capture(1, 'note', { text: 'c' });
  wire.settle();
  expect(wire.session.outbox.map((i) => i.edit.args.text)).toEqual(['a', 'c']);
  town.busy.clear();
  wire.pass(2500);
  wire.settle();
  expect(wire.session.outbox).toEqual([]);
  expect(Object.keys(town.reports.get(reportId(1))?.notes ?? {})).toHaveLength(2);
});

test('a refusal is final, kept to be read, and blocks nothing', () => {
  wire.start();
  wire.settle();
  capture(1, 'transition', { to: 'closed' });
  capture(1, 'note', { text: 'x' });
  wire.settle();
  const answers = [...wire.session.acked.values()].map((a) => a.answer.status);
  expect(answers).toEqual(['refused', 'applied']);
});

test('reset never touches the outbox', () => {
  wire.start();
  wire.settle();
  wire.cut();
  capture(1, 'note', { text: 'x' });
  town.log(scope).min = 99;
  town.log(scope).head = 100;
  wire.feed({ e: 'start' });
  wire.incoming.splice(0, 1).forEach((e) => {
    wire.feed(e);
  });
  expect(wire.session.outbox).toHaveLength(1);
  wire.settle();
  expect(Object.keys(town.reports.get(reportId(1))?.notes ?? {})).toHaveLength(1);
});

test('a report that leaves under pending edits stays as a ghost until they are settled', () => {
  wire.start();
  wire.settle();
  const item = wire.disk.capture(edit(reportId(1), 'note', { text: 'x' }));
  wire.town.busy.add(reportId(1));
  wire.feed({ e: 'captured', item });
  wire.settle();
  town.edit(reportId(1), 'assign', { team: otherTeam }, operator, uuid7());
  wire.settle();
  expect(wire.session.ghosts.get(reportId(1))?.why).toBe('reassigned');
  expect(wire.disk.saved.ghosts).toHaveLength(1);
  town.busy.clear();
  wire.pass(3000);
  wire.settle();
  expect(wire.session.ghosts.size).toBe(0);
  expect(wire.session.outbox).toEqual([]);
});

test('a report that left while an edit of it was being written to the disk is a ghost too', () => {
  wire.start();
  wire.settle();
  town.busy.add(reportId(1));
  const item = wire.disk.capture(edit(reportId(1), 'note', { text: 'x' }));
  town.edit(reportId(1), 'assign', { team: otherTeam }, operator, uuid7());
  wire.settle();
  wire.feed({ e: 'captured', item });
  expect(wire.session.ghosts.get(reportId(1))?.why).toBe('reassigned');
  expect(wire.disk.saved.ghosts).toHaveLength(1);
  wire.settle();
  town.busy.clear();
  wire.pass(3000);
  wire.settle();
  expect(wire.session.ghosts.size).toBe(0);
});

test('a poke is followed by a pull and a sub', () => {
  wire.start();
  wire.settle();
  for (let i = 0; i < 9; i++) town.edit(reportId(1), 'note', { text: `${i}` }, operator, uuid7());
  wire.feed({ e: 'frame', frame: { t: 'poke', scope, head: 14 } });
  wire.settle();
  expect(wire.sent.at(-1)).toMatchObject({ t: 'sub', scopes: { [scope]: 14 } });
  expect(held()).toEqual(onServer());
  expect(wire.session.fresh).toBe(true);
});

test('a wrong sum is repaired bucket by bucket, at most once a minute', () => {
  wire.start();
  wire.settle();
  const track = wire.session.tracks.get(scope);
  track?.held.remove(reportId(2));
  track?.held.put({ id: reportId(9), rev: 3, body: {} });
  town.edit(reportId(1), 'note', { text: 'x' }, operator, uuid7());
  wire.settle();
  expect(held()).toEqual(onServer());
  track?.held.remove(reportId(2));
  town.edit(reportId(1), 'note', { text: 'y' }, operator, uuid7());
  wire.settle();
  expect(held()).not.toEqual(onServer());
  wire.pass(60_000 - 1);
  wire.feed({ e: 'frame', frame: { t: 'hb', token_expires_in: 900 } });
  wire.pass(1);
  wire.settle();
  expect(held()).toEqual(onServer());
});

test('a dropped scope is forgotten', () => {
  wire.start();
  wire.settle();
  wire.feed({ e: 'frame', frame: { t: 'drop', scope, why: 'revoked' } });
  expect(wire.session.tracks.size).toBe(0);
  expect(wire.disk.saved.scopes).toEqual([]);
});

test('silence for a minute reconnects', () => {
  wire.start();
  wire.settle();
  wire.pass(60_000);
  expect(wire.session.phase).toBe('off');
  wire.pass(30_000);
  wire.settle();
  expect(wire.session.fresh).toBe(true);
});

test('an ended token pushes only, is renewed, and then everything follows', () => {
  town.tokenSeconds = 0;
  capture(1, 'note', { text: 'x' });
  wire.start();
  wire.settle();
  expect(wire.session.pushOnly).toBe(true);
  expect(wire.session.outbox).toEqual([]);
  expect(wire.refreshes).toBe(1);
  town.tokenSeconds = 900;
  wire.feed({ e: 'token', token: 'T2', device: 'd' });
  wire.settle();
  wire.cut();
  wire.pass(30_000);
  wire.settle();
  expect(held()).toEqual(onServer());
});

test('closes: 4401 refreshes or wipes, 4409 stops, 4413 halves the push, 4503 waits as told', () => {
  wire.start();
  wire.settle();
  wire.cut(4401);
  expect(wire.refreshes).toBe(1);
  wire.feed({ e: 'token', token: 'T2', device: 'd' });
  wire.settle();
  wire.feed({ e: 'closed', code: 4503, error: { t: 'error', code: 'busy', retry_after: 45 } });
  expect(wire.session.next()).toBeGreaterThanOrEqual(wire.now + 45_000);
  wire.pass(46_000);
  wire.settle();
  wire.cut(4413);
  wire.pass(30_000);
  wire.settle();
  for (let i = 0; i < 60; i++) wire.disk.capture(edit(reportId(1), 'note', { text: `${i}` }));
  wire.restart();
  wire.settle();
  expect(wire.session.outbox).toEqual([]);
  wire.feed({ e: 'closed', code: 4409, error: { t: 'error', code: 'protocol' } });
  expect(wire.session.halt).toBe('outdated');
  wire.restart();
  wire.settle();
  wire.feed({ e: 'closed', code: 4401, error: { t: 'error', code: 'revoked', wipe: true } });
  expect(wire.ended).toBe('lost');
});

test('a push that was too large is halved, whatever the next welcome allows', () => {
  wire.start();
  wire.settle();
  wire.cut();
  for (let i = 0; i < 60; i++) capture(1, 'note', { text: `${i}` });
  const pushes = () => wire.sent.flatMap((f) => (f.t === 'push' ? [f.edits.length] : []));
  const pushed = (n: number) => {
    wire.pass(31_000);
    while (pushes().length < n) {
      const event = wire.incoming.shift();
      if (!event) throw new Error('nothing was pushed');
      wire.feed(event);
    }
  };
  pushed(1);
  wire.cut(4413);
  pushed(2);
  wire.cut(4413);
  pushed(3);
  expect(pushes()).toEqual([60, 50, 25]);
  wire.settle();
  expect(wire.session.outbox).toEqual([]);
});

test('a scope offered by another town kind is left alone when the app does not want it', () => {
  town.offer = [scope, `desk:${desk}`];
  wire.start();
  wire.settle();
  expect(wire.session.tracks.size).toBe(2);
});
