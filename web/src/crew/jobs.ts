import { distance, type Place } from '../app/position';
import { isOpen, type Report } from '../core/civic';
import type { View } from '../core/overlay';

export type Section = 'doing' | 'to_do' | 'later' | 'done';
export const sections: Section[] = ['doing', 'to_do', 'later', 'done'];

export function sectionOf(r: Report): Section {
  switch (r.status) {
    case 'in_progress':
      return 'doing';
    case 'planned':
    case 'waiting':
      return 'later';
    default:
      return r.status && !isOpen(r.status) ? 'done' : 'to_do';
  }
}

const rank = { urgent: 0, high: 1, '': 2, low: 3 };

/** Danger first, then urgency, then the nearest, else what is due first. */
export function inOrder(list: readonly View[], here: Place | undefined): View[] {
  const key = (r: Report): [number, number] => [
    r.hazard ? -1 : rank[r.priority ?? ''],
    far(r, here) ?? Date.parse(r.deadlines?.resolution ?? '9999-12-31'),
  ];
  const keyed = list.map((v) => ({ v, k: key(v.report) }));
  keyed.sort(
    (a, b) => a.k[0] - b.k[0] || a.k[1] - b.k[1] || (a.v.report.id < b.v.report.id ? -1 : 1),
  );
  return keyed.map(({ v }) => v);
}

/** Metres from here, where both places are known. */
export function far(r: Report, here: Place | undefined): number | undefined {
  if (!here || r.lon === undefined || r.lat === undefined) return undefined;
  return distance(here, { lon: r.lon, lat: r.lat });
}
