import { expect, test } from 'vitest';
import type { Report } from '../core/civic';
import { dueOf } from './due';

const now = Date.parse('2027-03-10T09:00:00Z');
const report = (more: Partial<Report>): Report => ({
  id: 'x',
  rev: 1,
  status: 'assigned',
  deadlines: { first_reply: '2027-03-10T08:00:00Z', resolution: '2027-03-12T08:00:00Z' },
  ...more,
});

test.each([
  ['the first reply presses first', report({}), { what: 'reply', state: 'over' }],
  ['then the solution', report({ replied: 'x' }), { what: 'resolution', state: 'fine' }],
  [
    'soon is within a day',
    report({ replied: 'x', deadlines: { resolution: '2027-03-11T08:00:00Z' } }),
    { state: 'soon' },
  ],
  [
    'the clock stands still for the citizen',
    report({
      replied: 'x',
      status: 'waiting',
      waiting: { for: 'citizen', was: 'assigned', since: '' },
    }),
    { state: 'paused' },
  ],
  [
    'and goes on for a body',
    report({
      replied: 'x',
      status: 'waiting',
      waiting: { for: 'body', was: 'assigned', since: '' },
    }),
    { state: 'fine' },
  ],
])('%s', (_, r, want) => {
  expect(dueOf(r, now)).toMatchObject(want);
});

test('nothing presses on a case that left the open group, or without deadlines', () => {
  expect(dueOf(report({ status: 'resolved' }), now)).toBeUndefined();
  expect(dueOf(report({ deadlines: {} }), now)).toBeUndefined();
});
