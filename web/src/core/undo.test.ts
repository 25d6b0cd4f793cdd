import { expect, test } from 'vitest';
import type { Report } from './civic';
import { report } from './testing/fixtures';
import { counter } from './undo';

const was = (more: Partial<Report>): Report => ({ ...report(1), ...more });

test.each([
  [
    'a check goes back to its value',
    was({ checklist: { cones: { value: 'yes', at: '' } } }),
    'check',
    { item: 'cones', value: '' },
    { kind: 'check', args: { item: 'cones', value: 'yes' } },
  ],
  [
    'a check that had none',
    was({}),
    'check',
    { item: 'cones', value: 'yes' },
    { kind: 'check', args: { item: 'cones', value: '' } },
  ],
  [
    'a wait is ended where it came from',
    was({ status: 'in_progress' }),
    'transition',
    { from: 'in_progress', to: 'waiting', for: 'body' },
    { kind: 'transition', args: { from: 'waiting', to: 'in_progress' } },
  ],
  [
    'work that began does not unbegin',
    was({ status: 'assigned' }),
    'transition',
    { to: 'in_progress' },
    undefined,
  ],
  [
    'what is finished is reopened by the office alone',
    was({ status: 'in_progress' }),
    'transition',
    { to: 'resolved' },
    undefined,
  ],
  ['a note stays said', was({}), 'note', { text: 'x' }, undefined],
])('%s', (_, before, kind, args, want) => {
  expect(counter('crew', before, kind, args as Record<string, unknown>)).toEqual(want);
});
