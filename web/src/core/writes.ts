import type { Acked, Item } from './outbox';
import type { Row } from './replica';

/** A report that left under unsettled work: read-only, until that is settled. */
export type Ghost = { id: string; scope: string; row: Row; why: string };

/** One change of what is stored; a list of them is one transaction. */
export type Write =
  | { w: 'row'; scope: string; row: Row }
  | { w: 'gone'; scope: string; id: string }
  | { w: 'cursor'; scope: string; v: number; upto: number }
  | { w: 'replace'; scope: string; rows: Row[]; v: number; upto: number }
  | { w: 'drop'; scope: string }
  | { w: 'ghost'; ghost: Ghost }
  | { w: 'unghost'; id: string }
  | { w: 'item'; item: Item }
  | { w: 'withdrawn'; seq: number; sha256?: string }
  | { w: 'acked'; item: Acked }
  | { w: 'reoffer'; item: Item }
  | { w: 'forget'; id: string }
  | { w: 'epoch'; epoch: string }
  | { w: 'last_n'; n: number }
  /** A device has ended: all but what only it has. */
  | { w: 'revoked'; device: string }
  /** A device has ended: all but its person's own: edits, their answers, pictures. */
  | { w: 'signed_out'; device: string }
  /** All that lies open; what was sealed is for its person. */
  | { w: 'wipe' };

/** Whether a write only takes away, and so is good where a person is signed out too. */
export const leaves = (w: Write): boolean =>
  ['gone', 'drop', 'unghost', 'withdrawn', 'forget', 'revoked', 'signed_out', 'wipe'].includes(w.w);

/** What a device starts from. */
export type Saved = {
  epoch: string | null;
  lastN: number;
  scopes: { scope: string; v: number; upto: number; rows: Row[] }[];
  outbox: Item[];
  acked: Acked[];
  ghosts: Ghost[];
};

export const nothingSaved: Saved = {
  epoch: null,
  lastN: 0,
  scopes: [],
  outbox: [],
  acked: [],
  ghosts: [],
};
