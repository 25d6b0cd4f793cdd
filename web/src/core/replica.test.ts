import { expect, test } from 'vitest';
import type { Delta, Op } from './frames';
import { applyDelta, Held } from './replica';
import { reportId } from './testing/fixtures';

const id = reportId(1);
const delta = (from: number, to: number, ops: Op[], sum = '0000000000000000'): Delta => ({
  t: 'delta',
  scope: 'team:x',
  from,
  to,
  ops,
  sum,
});

test('a delta already held changes nothing', () => {
  const held = new Held('team:x');
  held.replace([], 5, 5);
  expect(applyDelta(held, delta(3, 5, [{ v: 5, k: 'enter', id, rev: 9, body: {} }]))).toBe('old');
  expect(held.rows.size).toBe(0);
});

test('a delta after a hole is not applied', () => {
  const held = new Held('team:x');
  held.replace([], 5, 5);
  expect(applyDelta(held, delta(6, 7, []))).toBe('ahead');
  expect(held.v).toBe(5);
});

test('an overlapping delta applies only its ops above the cursor', () => {
  const held = new Held('team:x');
  held.replace([{ id, rev: 2, body: { status: 'new' } }], 2, 2);
  applyDelta(
    held,
    delta(0, 3, [
      { v: 1, k: 'leave', id, rev: 1 },
      { v: 2, k: 'enter', id, rev: 2, body: { status: 'old' } },
      { v: 3, k: 'patch', id, rev: 3, body: { title: 'x' } },
    ]),
  );
  expect(held.rows.get(id)).toEqual({ id, rev: 3, body: { status: 'new', title: 'x' } });
});

test('a patch on a stale rev is skipped', () => {
  const held = new Held('team:x');
  held.replace([{ id, rev: 4, body: { a: 1 } }], 1, 9);
  applyDelta(held, delta(1, 2, [{ v: 2, k: 'patch', id, rev: 3, body: { a: 0 } }]));
  expect(held.rows.get(id)?.body).toEqual({ a: 1 });
});

test('below upto a patch or a leave of an absent row is skipped and sums are not compared', () => {
  const held = new Held('team:x');
  held.replace([], 1, 3);
  const early = applyDelta(held, delta(1, 2, [{ v: 2, k: 'patch', id, rev: 3, body: {} }], 'bad'));
  expect(early).toMatchObject({ mismatch: false });
  const late = applyDelta(held, delta(2, 3, [{ v: 3, k: 'leave', id, rev: 4 }], 'bad'));
  expect(late).toMatchObject({ mismatch: true });
});

test('a snapshot row newer than the log survives its own enter, and a leave settles it', () => {
  const held = new Held('team:x');
  held.replace([{ id, rev: 5, body: { at: 5 } }], 1, 4);
  applyDelta(
    held,
    delta(1, 4, [
      { v: 2, k: 'enter', id, rev: 3, body: { at: 3 } },
      { v: 3, k: 'leave', id, rev: 4 },
      { v: 4, k: 'enter', id, rev: 5, body: { at: 5 } },
    ]),
  );
  expect(held.rows.get(id)).toEqual({ id, rev: 5, body: { at: 5 } });
});

test('an unknown kind of op asks for a repair', () => {
  const held = new Held('team:x');
  expect(applyDelta(held, delta(0, 1, [{ v: 1, k: 'twist', id, rev: 1 }]))).toMatchObject({
    unknown: true,
  });
});
