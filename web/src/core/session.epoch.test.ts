import { beforeEach, expect, test } from 'vitest';
import type { Event } from './events';
import { crew, edit, operator, report, reportId, rules } from './testing/fixtures';
import { Disk, Wire } from './testing/harness';
import { captureOn, freshTown, scope } from './testing/phone';
import { Town } from './testing/town';
import { uuid7 } from './uuid7';

let town: Town;
let wire: Wire;

beforeEach(() => {
  town = freshTown();
  wire = new Wire(town);
});

const capture = (i: number, kind: string, args: Record<string, unknown>) =>
  captureOn(wire, i, kind, args);

test('a new epoch offers again what was answered in the last seven days', () => {
  wire.start();
  wire.settle();
  capture(1, 'note', { text: 'lost' });
  wire.settle();
  wire.cut();
  // The restore lost the note and its result.
  const before = town.reports.get(reportId(1));
  const restored = new Town(rules, crew);
  restored.offer = [scope];
  restored.epoch = 'e0000000-0000-7000-8000-000000000002';
  for (let i = 1; i <= 5; i++) restored.save(report(i));
  const disk = new Disk();
  disk.saved = structuredClone(wire.disk.saved);
  wire = new Wire(restored, disk);
  wire.start();
  wire.settle();
  const push = wire.sent.find((f) => f.t === 'push');
  expect(push?.t === 'push' && push.edits[0]?.epoch).toBe(town.epoch);
  expect(Object.keys(restored.reports.get(reportId(1))?.notes ?? {})).toEqual(
    Object.keys(before?.notes ?? {}),
  );
  expect(wire.session.outbox).toEqual([]);
});

test('what was answered in an epoch before is offered again, although this device knew none', () => {
  wire.start();
  wire.settle();
  const { edit } = capture(1, 'note', { text: 'lost' });
  wire.settle();
  // Somebody else was here, and the town restored, before its person is back.
  const restored = new Town(rules, crew);
  restored.offer = [scope];
  restored.epoch = 'e0000000-0000-7000-8000-000000000002';
  restored.save(report(1));
  const disk = new Disk();
  disk.saved = { ...disk.saved, acked: structuredClone(wire.disk.saved.acked) };
  wire = new Wire(restored, disk);
  wire.start();
  wire.settle();
  const offered = () => wire.sent.flatMap((f) => (f.t === 'push' ? f.edits : [])).map((e) => e.id);
  expect(offered()).toEqual([edit.id]);
  // What this epoch answered is not lost.
  const here = capture(1, 'note', { text: 'here' });
  wire.settle();
  disk.saved = { ...structuredClone(wire.disk.saved), epoch: null };
  wire = new Wire(restored, disk);
  wire.start();
  wire.settle();
  expect(offered()).not.toContain(here.edit.id);
});

test('the first snapshot of an epoch is asked for until it comes, however long the old cursor was', () => {
  wire.start();
  wire.settle();
  const saved = town.backup();
  for (let i = 0; i < 5; i++) town.edit(reportId(1), 'note', { text: `n${i}` }, operator, uuid7());
  wire.settle();
  town.restore(saved, 'e0000000-0000-7000-8000-000000000002');
  wire.cut();
  wire.pass(60_000);
  while (wire.session.phase !== 'live') wire.feed(wire.incoming.shift() as Event);
  // The snapshot is on its way when the connection goes; meanwhile others work, until
  // the restored log is longer than the lost one.
  wire.cut();
  for (let i = 0; i < 9; i++) town.edit(reportId(2), 'note', { text: `m${i}` }, operator, uuid7());
  wire.pass(60_000);
  wire.settle();
  const rows = [...(wire.session.tracks.get(scope)?.held.rows.values() ?? [])];
  expect(rows.sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(town.snapshot(scope).rows);
  expect(wire.repairs).toBe(0);
});

test('a restore that lost the later half: what survived is a no-op, what was lost comes back once', () => {
  wire.start();
  wire.settle();
  const old = wire.disk.capture(edit(reportId(3), 'note', { text: 'too old to offer' }));
  wire.feed({ e: 'captured', item: old });
  wire.settle();
  wire.cut();
  wire.pass(7 * 24 * 3600 * 1000 + 1);
  wire.feed({ e: 'start' });
  wire.settle();
  capture(1, 'note', { text: 'survives' });
  capture(2, 'transition', { from: 'assigned', to: 'in_progress' });
  wire.settle();
  // The backup's moment.
  const backup = structuredClone({
    reports: [...town.reports.values()],
    results: [...town.results],
    lastN: town.lastN,
  });
  expect(backup.results).toHaveLength(3);
  capture(1, 'note', { text: 'lost' });
  capture(2, 'note', { text: 'lost too' });
  wire.settle();
  wire.cut();
  capture(4, 'note', { text: 'not sent yet' });

  const restored = new Town(rules, crew, () => wire.now);
  restored.offer = [scope];
  restored.epoch = 'e0000000-0000-7000-8000-000000000002';
  for (const r of backup.reports) restored.save(r);
  for (const [id, answer] of backup.results) restored.results.set(id, answer);
  restored.lastN = backup.lastN;
  const disk = new Disk();
  disk.saved = structuredClone(wire.disk.saved);
  const now = wire.now;
  wire = new Wire(restored, disk);
  wire.now = now;
  const revs = new Map([...restored.reports].map(([id, r]) => [id, r.rev]));
  wire.start();
  wire.settle();

  const offered = wire.sent.flatMap((f) => (f.t === 'push' ? f.edits : []));
  expect(offered.map((e) => [e.kind, e.epoch])).toEqual([
    ['note', town.epoch],
    ['transition', town.epoch],
    ['note', town.epoch],
    ['note', town.epoch],
    ['note', town.epoch],
  ]);
  expect(offered.map((e) => e.id)).not.toContain(old.edit.id);
  const texts = (n: number) =>
    Object.values(restored.reports.get(reportId(n))?.notes ?? {}).map((x) => x.text);
  expect(texts(1)).toEqual(['survives', 'lost']);
  expect(texts(2)).toEqual(['lost too']);
  expect(texts(4)).toEqual(['not sent yet']);
  // One change each for what was lost, none for what survived.
  expect(restored.reports.get(reportId(1))?.rev).toBe((revs.get(reportId(1)) ?? 0) + 1);
  expect(restored.reports.get(reportId(2))?.rev).toBe((revs.get(reportId(2)) ?? 0) + 1);
  expect(wire.session.outbox).toEqual([]);
  const held = wire.session.tracks.get(scope)?.held;
  expect(held?.v).toBe(restored.log(scope).head);
});
