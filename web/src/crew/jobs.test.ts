import { expect, test } from 'vitest';
import type { Report } from '../core/civic';
import { inOrder, sectionOf } from './jobs';

const view = (id: string, more: Partial<Report>) => ({
  report: { id, rev: 1, status: 'assigned' as const, ...more },
  baseRev: 1,
  pending: 0,
});
const ids = (list: { report: Report }[]) => list.map((v) => v.report.id).join('');

test('danger comes before urgency, urgency before nearness', () => {
  const list = [
    view('a', { lon: 8.9, lat: 44.4 }),
    view('b', { priority: 'high', lon: 9.5, lat: 44.4 }),
    view('c', { lon: 8.91, lat: 44.4 }),
    view('d', { hazard: true, lon: 9.9, lat: 44.4 }),
    view('e', { priority: 'low', lon: 8.9, lat: 44.4 }),
    view('f', { priority: 'urgent', lon: 9.9, lat: 44.4 }),
  ];
  expect(ids(inOrder(list, { lon: 8.9, lat: 44.4 }))).toBe('dfbace');
});

test('without a position the deadline orders, and no deadline comes last', () => {
  const list = [
    view('a', {}),
    view('b', { deadlines: { resolution: '2027-03-12T08:00:00Z' } }),
    view('c', { deadlines: { resolution: '2027-03-11T08:00:00Z' } }),
  ];
  expect(ids(inOrder(list, undefined))).toBe('cba');
});

test('sections follow the status', () => {
  expect(sectionOf(view('a', { status: 'in_progress' }).report)).toBe('doing');
  expect(sectionOf(view('a', { status: 'acknowledged' }).report)).toBe('to_do');
  expect(sectionOf(view('a', { status: 'waiting' }).report)).toBe('later');
  expect(sectionOf(view('a', { status: 'rejected' }).report)).toBe('done');
});
