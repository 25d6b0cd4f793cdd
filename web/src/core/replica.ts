import { add, bucketOf, empty, format, type Sum, sub, sumOf } from './checksum';
import type { Delta, Op } from './frames';
import { merge } from './patch';

/** A report as one scope holds it. */
export type Row = { id: string; rev: number; body: Record<string, unknown> };

/**
 * One scope as this device holds it. Until v reaches upto the rows come from a
 * snapshot that was read while the scope moved on, and sums are not compared.
 */
export class Held {
  v = 0;
  upto = 0;
  sum: Sum = empty;
  readonly rows = new Map<string, Row>();

  constructor(readonly scope: string) {}

  put(row: Row) {
    this.remove(row.id);
    this.rows.set(row.id, row);
    this.sum = add(this.sum, sumOf(row.id, row.rev));
  }

  remove(id: string): Row | undefined {
    const old = this.rows.get(id);
    if (old) {
      this.rows.delete(id);
      this.sum = sub(this.sum, sumOf(old.id, old.rev));
    }
    return old;
  }

  replace(rows: Iterable<Row>, v: number, upto: number) {
    this.rows.clear();
    this.sum = empty;
    for (const row of rows) this.put(row);
    this.v = v;
    this.upto = upto;
  }

  /** The 256 lanes of a repair. */
  lanes(): string[] {
    const lanes = new Array<Sum>(256).fill(empty);
    for (const row of this.rows.values()) {
      const i = bucketOf(row.id);
      lanes[i] = add(lanes[i] ?? empty, sumOf(row.id, row.rev));
    }
    return lanes.map(format);
  }
}

/** What a delta did: rows put, rows gone, edits named, buckets in doubt. */
export type Applied = {
  put: Row[];
  gone: { row: Row; why: string }[];
  edits: string[];
  unknown: boolean;
  mismatch: boolean;
};

/**
 * Applies a delta that starts at or before the cursor. "ahead" means that
 * versions in between are missing, "old" that nothing was new.
 */
export function applyDelta(held: Held, delta: Delta): Applied | 'old' | 'ahead' {
  if (delta.to <= held.v) return 'old';
  if (delta.from > held.v) return 'ahead';
  const done: Applied = { put: [], gone: [], edits: [], unknown: false, mismatch: false };
  for (const op of delta.ops) {
    if (op.v <= held.v) continue;
    if (op.edit) done.edits.push(op.edit);
    applyOp(held, op, done);
  }
  held.v = delta.to;
  done.mismatch = held.v >= held.upto && format(held.sum) !== delta.sum;
  return done;
}

function applyOp(held: Held, op: Op, done: Applied) {
  const old = held.rows.get(op.id);
  switch (op.k) {
    case 'enter': {
      if (old && old.rev >= op.rev) return;
      const row = { id: op.id, rev: op.rev, body: op.body ?? {} };
      held.put(row);
      done.put.push(row);
      return;
    }
    case 'patch': {
      // An absent row is skipped: below upto that is right, above it the sum
      // will tell.
      if (!old || old.rev >= op.rev) return;
      const body = merge(old.body, op.body ?? {}) as Record<string, unknown>;
      const row = { id: op.id, rev: op.rev, body };
      held.put(row);
      done.put.push(row);
      return;
    }
    case 'leave': {
      const row = held.remove(op.id);
      if (row) done.gone.push({ row, why: op.why ?? '' });
      return;
    }
    default:
      done.unknown = true;
  }
}
