import type { Edit, Result } from './civic';
import type { Answer, Limits } from './frames';

/**
 * One edit of this device. seq is its place in the order of capture and never
 * changes; the number n of the protocol is counted from the server's last one
 * at each push, which keeps it gapless by construction: the id decides.
 */
export type Item = {
  seq: number;
  edit: Edit;
  /** What the list calls it once the report is gone: code and title. */
  label: string;
  /** The epoch in which it was made, null before the first welcome. */
  epoch: string | null;
  /** An op has named it: the base shows it, only its answer is missing. */
  seen?: boolean;
  /** It has left this device, or may have: from then on it cannot be taken back. */
  sent?: boolean;
};

/** An answered edit, kept for seven days in case a restore lost it. */
export type Acked = Item & {
  answer: Answer;
  /** When the answer came, milliseconds. */
  at: number;
  /** The base has caught up with it: no overlay any more. */
  settled: boolean;
  /** A person has read the refusal or the conflict. */
  read?: boolean;
};

export const keepAckedMs = 7 * 24 * 3600 * 1000;

/** The edits of one push: the oldest first, within the server's limits, without
 * those of reports that the server asked to wait with. */
export function batch(
  outbox: readonly Item[],
  limits: Limits,
  epoch: string | null,
  waits: (report: string) => boolean = () => false,
): Edit[] {
  const edits: Edit[] = [];
  let bytes = 64;
  for (const item of outbox) {
    if (waits(item.edit.report)) continue;
    const edit =
      item.epoch !== null && item.epoch !== epoch ? { ...item.edit, epoch: item.epoch } : item.edit;
    bytes += byteLength(JSON.stringify(edit)) + 1;
    if (edits.length > 0 && (edits.length >= limits.push_edits || bytes > limits.push_bytes)) break;
    edits.push(edit);
  }
  return edits;
}

export const byteLength = (text: string): number => new TextEncoder().encode(text).length;

/**
 * The three honest counts: what only this phone has, what the town has
 * received, what of that has become part of a case.
 */
export type Counts = {
  /** Edits and pictures that only this device has. */
  here: number;
  edits: number;
  pictures: number;
  received: number;
  applied: number;
  /** Received, and waiting for a decision. */
  conflicts: number;
  /** Received, and not taken. */
  refused: number;
};

export const noCounts: Counts = {
  here: 0,
  edits: 0,
  pictures: 0,
  received: 0,
  applied: 0,
  conflicts: 0,
  refused: 0,
};

export function count(outbox: readonly Item[], acked: Iterable<Acked>, pictures: number): Counts {
  const n = { ...noCounts, edits: outbox.length, pictures, here: outbox.length + pictures };
  for (const { answer } of acked) {
    n.received++;
    if (tookEffect(answer)) n.applied++;
    else if (answer.status === 'conflict') n.conflicts++;
    else n.refused++;
  }
  return n;
}

export const tookEffect = (r: Result): boolean =>
  r.status === 'applied' || r.status === 'merged' || r.status === 'noticed';

/** The answers that want a person's eye. */
export const wantsEye = (item: Acked): boolean =>
  !item.read &&
  (item.answer.status === 'refused' ||
    item.answer.status === 'conflict' ||
    item.answer.status === 'noticed');
