import { dueOf } from '../app/due';
import { isOpen, type Report, type Service } from '../core/civic';
import type { View } from '../core/overlay';

export const queues = [
  'new',
  'overdue',
  'unassigned',
  'placeless',
  'look',
  'erasure',
  'all',
  'ended',
] as const;
export type Queue = (typeof queues)[number];

/** Services tell what needs no place: a request for help is not about one. */
export type Services = Readonly<
  Record<string, Pick<Service, 'kind'> & Partial<Pick<Service, 'public'>>>
>;

type Shown = Partial<Pick<Service, 'public'>> | undefined;

/** Whether its words are for everybody, once a person has looked at what is withheld. */
const forAll = (r: Report, s: Shown): boolean =>
  r.text_public === true || s?.public === 'text' || s?.public === 'photos';

/** Whether everybody reads its words now. */
export const wordsPublic = (r: Report, s: Shown): boolean => !r.withheld?.length && forAll(r, s);

/** Whether its words would be public if a person had looked at them. */
export const waits = (r: Report, s: Shown): boolean => Boolean(r.withheld?.length) && forAll(r, s);

export function inQueue(q: Queue, r: Report, now: number, services: Services): boolean {
  if (!r.status) return false;
  if (q === 'look') {
    const held = Object.values(r.messages ?? {}).some((m) => m.held);
    const undecided = Object.keys(r.conflicts ?? {}).length > 0;
    return held || undecided || waits(r, services[r.service ?? '']);
  }
  if (q === 'erasure') return r.erase_by !== undefined;
  if (q === 'ended') return !isOpen(r.status);
  if (!isOpen(r.status)) return false;
  switch (q) {
    case 'new':
      return r.status === 'new';
    case 'overdue':
      return dueOf(r, now)?.state === 'over';
    case 'unassigned':
      return !r.team && !r.user && r.status !== 'waiting';
    case 'placeless':
      return r.lon === undefined && services[r.service ?? '']?.kind !== 'assistance';
    case 'all':
      return true;
  }
}

const dayMs = 24 * 3600 * 1000;

/** How many whole days are left of a month that somebody was promised; below zero
 * since how many it is over. */
export const daysLeft = (by: string, now: number): number =>
  Math.floor((Date.parse(by) - now) / dayMs);

/** The first that is due first. */
export const byErasure = (list: View[]): View[] =>
  [...list].sort((a, b) => ((a.report.erase_by ?? '') < (b.report.erase_by ?? '') ? -1 : 1));

/** Danger first, then what is due first; without a deadline the oldest. What has
 * ended comes after, the latest first: that is what people ask about. */
export function inOrder(list: View[], now: number): View[] {
  const far = 8.64e15;
  const key = (r: Report) => dueOf(r, now)?.at ?? far;
  const ended = (r: Report) => (r.status && !isOpen(r.status) ? (r.closed ?? r.created ?? '') : '');
  return [...list].sort(
    (a, b) =>
      order(ended(a.report), ended(b.report)) ||
      Number(b.report.hazard ?? false) - Number(a.report.hazard ?? false) ||
      key(a.report) - key(b.report) ||
      ((a.report.created ?? '') < (b.report.created ?? '') ? -1 : 1),
  );
}

/** Nothing before something; of two times the later first. */
const order = (a: string, b: string) => {
  if (!a || !b) return Number(Boolean(a)) - Number(Boolean(b));
  return a < b ? 1 : a > b ? -1 : 0;
};

const bare = (text: string) =>
  text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();

/** Every word must be somewhere; a code may be written with its spaces. */
export function matches(r: Report, service: string, search: string): boolean {
  const text = bare([r.code, r.title, r.address, r.description, service].filter(Boolean).join(' '));
  const wanted = bare(search.trim());
  const code = wanted.replace(/[\s.-]/g, '');
  if (code.length > 3 && r.code?.toLowerCase().includes(code)) return true;
  return wanted.split(/\s+/).every((word) => text.includes(word));
}
