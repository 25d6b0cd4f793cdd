import { type Acked, type Item, tookEffect } from '../core/outbox';
import type { Picture } from '../core/store';
import { t } from '../text/catalogue';

/** When the oldest thing that only this phone has was done, milliseconds. A clock
 * that was wrong then is believed: the phone has no other. */
export function waitsSince(
  outbox: readonly Item[],
  pictures: readonly Pick<Picture, 'at'>[],
): number | undefined {
  const times = [
    ...outbox.map((i) => Date.parse(i.edit.at ?? '')),
    ...pictures.map((p) => p.at),
  ].filter((at) => !Number.isNaN(at));
  return times.length > 0 ? Math.min(...times) : undefined;
}

/** What came of the last time that something was sent. */
export type Receipt = { at: number; applied: number; conflicts: number; refused: number };

/** Answers that came closer together than this belong to one sending. */
const apartMs = 120_000;

export function lastReceipt(answered: readonly Acked[]): Receipt | undefined {
  const list = [...answered].sort((a, b) => b.at - a.at);
  const first = list[0];
  if (!first) return undefined;
  const r: Receipt = { at: first.at, applied: 0, conflicts: 0, refused: 0 };
  let before = first.at;
  for (const { at, answer } of list) {
    if (before - at > apartMs) break;
    before = at;
    if (tookEffect(answer)) r.applied++;
    else if (answer.status === 'conflict') r.conflicts++;
    else r.refused++;
  }
  return r;
}

/** The receipt as a colleague would say it. */
export function receiptInWords(r: Receipt): string {
  const n = r.applied + r.conflicts + r.refused;
  return [
    t('crew.receipt', { n }),
    r.applied === n && t('crew.receipt.all'),
    r.conflicts > 0 && t('crew.receipt.conflicts', { n: r.conflicts }),
    r.refused > 0 && t('crew.receipt.refused', { n: r.refused }),
  ]
    .filter(Boolean)
    .join(' ');
}
