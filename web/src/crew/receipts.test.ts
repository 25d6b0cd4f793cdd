import { expect, test } from 'vitest';
import type { Acked } from '../core/outbox';
import { edit, reportId } from '../core/testing/fixtures';
import { lastReceipt, waitsSince } from './receipts';

const acked = (at: number, status: string): Acked => ({
  seq: at,
  edit: edit(reportId(1), 'note', {}),
  label: '',
  epoch: 'e',
  answer: { id: 'x', n: 1, status: status as 'applied' },
  at,
  settled: true,
});

test('a receipt counts the last sending and not the one of the morning', () => {
  const day = 3_600_000;
  const list = [
    acked(1, 'applied'),
    acked(day, 'applied'),
    acked(day + 60_000, 'conflict'),
    acked(day + 61_000, 'refused'),
    acked(day + 61_000, 'noticed'),
  ];
  expect(lastReceipt(list)).toEqual({ at: day + 61_000, applied: 2, conflicts: 1, refused: 1 });
  expect(lastReceipt([])).toBeUndefined();
});

test('what waits longest counts, a picture too', () => {
  const item = { seq: 1, label: '', epoch: null };
  const at = (iso: string) => ({ ...item, edit: { ...edit(reportId(1), 'note', {}), at: iso } });
  const list = [at('2027-03-01T08:00:00Z'), at('2027-03-01T07:00:00Z')];
  const picture = Date.parse('2027-03-01T06:00:00Z');
  expect(waitsSince(list, [])).toBe(Date.parse('2027-03-01T07:00:00Z'));
  expect(waitsSince(list, [{ at: picture }])).toBe(picture);
  expect(waitsSince([], [])).toBeUndefined();
});
