import { computed, signal } from '@preact/signals';
import { now } from '../app/clock';
import { town, views } from '../app/live';
import { go, route } from '../app/router';
import { serviceName } from '../app/service';
import { byErasure, inOrder, inQueue, matches, type Queue, queues } from './queues';

export const queue = signal<Queue>('new');
export const search = signal('');

/** The case that is open, by its id in the address. */
export const open = computed(() => (route.value[0] === 'case' ? route.value[1] : undefined));

export const sizes = computed(() => {
  const n: Record<Queue, number> = {
    new: 0,
    overdue: 0,
    unassigned: 0,
    placeless: 0,
    look: 0,
    erasure: 0,
    all: 0,
    ended: 0,
  };
  for (const v of views.value) {
    for (const q of queues) if (inQueue(q, v.report, now.value, town.value.services)) n[q]++;
  }
  return n;
});

/** What the list shows: a search looks through everything that is held. */
export const list = computed(() => {
  const wanted = search.value.trim();
  const found = views.value.filter(({ report: r }) =>
    wanted
      ? matches(r, serviceName(town.value.services[r.service ?? '']) ?? '', wanted)
      : inQueue(queue.value, r, now.value, town.value.services),
  );
  if (!wanted && queue.value === 'erasure') return byErasure(found);
  return inOrder(found, now.value);
});

/** Goes up or down the list from the open case. */
export function move(by: number) {
  const at = list.value.findIndex((v) => v.report.id === open.value);
  const next = list.value[at < 0 ? 0 : Math.min(Math.max(at + by, 0), list.value.length - 1)];
  if (next) go(`/desk/case/${next.report.id}`, open.value !== undefined);
}

/** A shortcut's wish, for the part of the case that can fulfil it. */
export const wish = signal<'assign' | 'reply' | undefined>(undefined);
