import { expect, test } from 'vitest';
import type { Report } from '../core/civic';
import { byErasure, daysLeft, inOrder, inQueue, matches } from './queues';

const now = Date.parse('2027-03-10T09:00:00Z');
const report = (more: Partial<Report>): Report => ({
  id: 'x',
  rev: 1,
  status: 'acknowledged',
  ...more,
});

test.each([
  ['new', report({ status: 'new' }), true],
  ['new', report({}), false],
  ['unassigned', report({}), true],
  ['unassigned', report({ team: 't' }), false],
  ['unassigned', report({ status: 'resolved' }), false],
  ['overdue', report({ deadlines: { first_reply: '2027-03-10T08:00:00Z' } }), true],
  ['overdue', report({ replied: 'x', deadlines: { first_reply: '2027-03-10T08:00:00Z' } }), false],
  [
    'overdue',
    report({ status: 'closed', deadlines: { resolution: '2027-03-01T08:00:00Z' } }),
    false,
  ],
  ['all', report({ status: 'waiting' }), true],
  ['all', report({ status: 'rejected' }), false],
  ['ended', report({ status: 'resolved' }), true],
  ['ended', report({}), false],
  ['placeless', report({}), true],
  ['placeless', report({ service: 'help' }), false],
  ['placeless', report({ service: 'hole' }), true],
  ['placeless', report({ lon: 8.9, lat: 44.4 }), false],
  ['look', report({ service: 'hole', withheld: ['phone'] }), true],
  ['look', report({ service: 'hole', withheld: ['phone'], status: 'closed' }), true],
  ['look', report({ service: 'help', withheld: ['phone'] }), false],
  ['look', report({ service: 'hole' }), false],
  ['erasure', report({ erase_by: '2027-04-01T08:00:00Z', status: 'closed' }), true],
  ['erasure', report({}), false],
  ['look', report({ messages: { m: { from: 'citizen', at: '', held: true } } }), true],
] as const)('%s of %j is %s', (q, r, want) => {
  expect(
    inQueue(q, r, now, { help: { kind: 'assistance' }, hole: { kind: 'issue', public: 'photos' } }),
  ).toBe(want);
});

test('danger first, then the deadline', () => {
  const v = (id: string, more: Partial<Report>) => ({
    report: report({ id, ...more }),
    baseRev: 1,
    pending: 0,
  });
  const list = [
    v('a', {}),
    v('b', { deadlines: { resolution: '2027-03-12T08:00:00Z' } }),
    v('c', { hazard: true }),
    v('d', { deadlines: { resolution: '2027-03-11T08:00:00Z' } }),
  ];
  expect(
    inOrder(list, now)
      .map((x) => x.report.id)
      .join(''),
  ).toBe('cdba');
});

test('what has ended comes after, the latest first', () => {
  const v = (id: string, more: Partial<Report>) => ({
    report: report({ id, ...more }),
    baseRev: 1,
    pending: 0,
  });
  const list = [
    v('a', { status: 'resolved', closed: '2027-03-01T08:00:00Z', hazard: true }),
    v('b', { status: 'rejected', closed: '2027-03-09T08:00:00Z' }),
    v('c', {}),
    v('d', { status: 'closed', closed: '2027-03-05T08:00:00Z' }),
  ];
  expect(inOrder(list, now).map((x) => x.report.id)).toEqual(['c', 'b', 'd', 'a']);
});

test('a search takes words without accents, and a code with its spaces', () => {
  const r = report({ code: 'GE48217308', title: 'Il semaforo è spento', address: 'Via Balbi 12' });
  expect(matches(r, '', 'e spento balbi')).toBe(true);
  expect(matches(r, '', 'ge 4821')).toBe(true);
  expect(matches(r, 'Semafori', 'semafori')).toBe(true);
  expect(matches(r, '', 'buca')).toBe(false);
});

test('a wish to be forgotten has whole days left, and the first due is first', () => {
  const days = [
    '2027-03-12T09:00:00Z',
    '2027-03-11T08:00:00Z',
    '2027-03-10T10:00:00Z',
    '2027-03-10T08:00:00Z',
  ];
  expect(days.map((by) => daysLeft(by, now))).toEqual([2, 0, 0, -1]);
  const list = days.map((by) => ({
    report: report({ id: by, erase_by: by }),
    baseRev: 1,
    pending: 0,
  }));
  expect(byErasure(list).map((v) => v.report.id)).toEqual([...days].reverse());
});
