import type { Edit, Result } from './civic';

/** The frames of sync protocol 1, as they travel. Unknown fields are ignored. */
export const protocol = 1;
export const subprotocol = 'segnavia.sync.1';

export type Op = {
  v: number;
  k: 'enter' | 'patch' | 'leave' | (string & {});
  id: string;
  rev: number;
  body?: Record<string, unknown>;
  why?: string;
  edit?: string;
};

export type Delta = {
  t: 'delta';
  scope: string;
  from: number;
  to: number;
  ops: Op[];
  sum: string;
};

export type Mode = 'tail' | 'pull' | 'reset';
export type Position = { scope: string; head: number; min: number; mode: Mode };

export type Welcome = {
  t: 'welcome';
  proto: number;
  epoch: string;
  time: string;
  last_n: number;
  offer: string[];
  scopes: Position[];
  limits?: Partial<Limits>;
  token_expires_in: number;
};

export type Limits = {
  push_edits: number;
  push_bytes: number;
  edit_bytes: number;
  pull_ops: number;
};

export const usualLimits: Limits = {
  push_edits: 100,
  push_bytes: 256 * 1024,
  edit_bytes: 32 * 1024,
  pull_ops: 500,
};

/** The answer to one edit. Versions count only in the epoch of the answer. */
export type Answer = Result & {
  id: string;
  n: number;
  versions?: Record<string, number>;
  retry_after?: number;
};

export type ServerFrame =
  | Welcome
  | Delta
  | { t: 'subbed'; scopes: Position[] }
  | { t: 'poke'; scope: string; head: number }
  | { t: 'ack'; n: number; results: Answer[] }
  | { t: 'drop'; scope: string; why: string }
  | { t: 'hb'; token_expires_in: number }
  | ErrorFrame;

export type ErrorFrame = {
  t: 'error';
  code: string;
  args?: Record<string, unknown>;
  last_n?: number;
  wipe?: boolean;
  retry_after?: number;
};

export type Cursors = Record<string, number | null>;

export type ClientFrame =
  | {
      t: 'hello';
      proto: number;
      device: string;
      token: string;
      epoch: string | null;
      cursors: Cursors;
      next_n: number;
    }
  | { t: 'sub'; scopes: Cursors }
  | { t: 'unsub'; scopes: string[] }
  | { t: 'push'; n0: number; edits: Edit[] }
  | { t: 'auth'; token: string };

/** Reads a frame; what is no frame is undefined and ignored. */
export function parseFrame(text: string): ServerFrame | undefined {
  try {
    const f = JSON.parse(text);
    return typeof f === 'object' && f !== null && typeof f.t === 'string' ? f : undefined;
  } catch {
    return undefined;
  }
}
