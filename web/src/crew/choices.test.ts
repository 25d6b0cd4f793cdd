import { expect, test } from 'vitest';
import type { ResultStatus, Status } from '../core/civic';
import type { Acked } from '../core/outbox';
import { edit, report } from '../core/testing/fixtures';
import { choices } from './choices';

const r = report(1);
const sides = { mine: 'In lavorazione', theirs: 'Non accolta', who: 'Anna', when: '10:30' };
const held = (status: Status, left?: string) => ({
  report: { ...r, status },
  baseRev: 1,
  pending: 0,
  ...(left ? { left } : {}),
});
const acked = (kind: string, args: Record<string, unknown>, status: ResultStatus): Acked => ({
  seq: 1,
  edit: edit(r.id, kind, args),
  label: '',
  epoch: 'e',
  answer: { id: 'x', n: 1, status },
  at: 1,
  settled: true,
});
const start = acked('transition', { from: 'assigned', to: 'in_progress' }, 'conflict');

test('each way out is an edit: mine where the rules allow it, else the office is told', () => {
  const now = choices(start, held('waiting'), 'crew', 'waiting', sides);
  expect(now.map((c) => [c.keeps, c.kind])).toEqual([
    ['mine', 'transition'],
    ['theirs', 'note'],
    ['both', 'note'],
  ]);
  expect(now[0]?.args).toEqual({ from: 'waiting', to: 'in_progress' });
  const shut = choices(start, held('rejected'), 'crew', 'rejected', sides);
  expect(shut.map((c) => c.kind)).toEqual(['note', 'note', 'note']);
});

test('a field is set again over the value that is there now', () => {
  const set = acked(
    'set',
    { field: 'address', value: 'Via Balbi 4', base: 'Via Balbi' },
    'conflict',
  );
  const [mine] = choices(set, held('assigned'), 'operator', 'Via Balbi 2', sides);
  expect(mine?.args).toEqual({ field: 'address', value: 'Via Balbi 4', base: 'Via Balbi 2' });
});

test('what a crew may only propose it tells the office once more', () => {
  const args = { field: 'address', value: 'Via Balbi 4', base: 'Via Balbi' };
  const set = acked('set', args, 'conflict');
  const [mine] = choices(set, held('assigned'), 'crew', 'Via Balbi 2', sides);
  expect(mine).toMatchObject({ keeps: 'mine', kind: 'note', does: 'tells' });
});

test('a check that went over a colleague’s can be put back', () => {
  const check = acked('check', { item: 'cones', value: '' }, 'noticed');
  expect(choices(check, held('assigned'), 'crew', 'yes', sides)).toEqual([
    { keeps: 'theirs', kind: 'check', args: { item: 'cones', value: 'yes' }, does: 'changes' },
  ]);
});

test('a report that has left offers nothing', () => {
  expect(choices(start, held('assigned', 'reassigned'), 'crew', '', sides)).toEqual([]);
  expect(choices(start, undefined, 'crew', '', sides)).toEqual([]);
});
