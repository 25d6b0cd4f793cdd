import { expect, test } from 'vitest';
import { usualLimits } from './frames';
import { batch, byteLength, count, type Item, wantsEye } from './outbox';
import { edit, reportId } from './testing/fixtures';

const item = (seq: number, text = 'x', epoch: string | null = 'e1'): Item => ({
  seq,
  edit: edit(reportId(1), 'note', { text }),
  label: '',
  epoch,
});

test('a push holds at most the edits and the bytes that the server takes', () => {
  const many = Array.from({ length: 250 }, (_, i) => item(i));
  expect(batch(many, usualLimits, 'e1')).toHaveLength(100);
  const fat = Array.from({ length: 20 }, (_, i) => item(i, 'à'.repeat(10_000)));
  const edits = batch(fat, usualLimits, 'e1');
  expect(byteLength(JSON.stringify({ t: 'push', n0: 1, edits }))).toBeLessThanOrEqual(
    usualLimits.push_bytes,
  );
  expect(edits.length).toBeGreaterThan(5);
});

test('one edit goes even where it alone is over the limit', () => {
  expect(
    batch([item(1, 'x'.repeat(5000))], { ...usualLimits, push_bytes: 1024 }, 'e1'),
  ).toHaveLength(1);
});

test('an edit of another epoch carries it', () => {
  expect(
    batch([item(1), item(2, 'x', 'e0'), item(3, 'x', null)], usualLimits, 'e1').map((e) => e.epoch),
  ).toEqual([undefined, 'e0', undefined]);
});

test('the three counts: here, received, applied', () => {
  const answered = (status: 'applied' | 'refused') => ({
    ...item(9),
    answer: { id: 'x', n: 1, status },
    at: 0,
    settled: true,
  });
  const acked = [answered('applied'), answered('applied'), answered('refused')];
  expect(count([item(1)], acked, 2)).toEqual({
    here: 3,
    edits: 1,
    pictures: 2,
    received: 3,
    applied: 2,
    conflicts: 0,
    refused: 1,
  });
  expect(acked.map(wantsEye)).toEqual([false, false, true]);
});
