import type { DBSchema, IDBPDatabase } from 'idb';
import type { Acked, Item } from './outbox';
import type { Row } from './replica';
import type { Sealed } from './seal';
import type { Ghost } from './writes';

/** A picture on its way: kept until seven days after the town has it. */
export type Picture = {
  sha256: string;
  report: string;
  edit: string;
  blob: Blob;
  stage: string;
  at: number;
  sent?: number;
  /** A small picture of it went ahead. */
  previewed?: boolean;
  /** Where its bytes are on their way to, once begun. */
  upload?: string;
  /** How often other bytes arrived than those of its hash. */
  broken?: number;
  /** The refusal's code, when the town will not take it. */
  refused?: string;
};

/** Whether only this device has a picture, and the town is to have it. */
export const pictureWaits = (p: Picture): boolean => p.sent === undefined && !p.refused;

/** Who signed in here, and what lets this device sync. */
export type Grant = {
  device: string;
  token: string;
  refresh: string;
  /** The key that unsent work is sealed with; a town before this program has none. */
  seal?: string;
  user: { id: string; login: string; name: string; role: string; teams: string[]; desks: string[] };
  jurisdiction: { id: string; name: string; locale: string; zone: string };
};

export interface Schema extends DBSchema {
  reports: { key: [string, string]; value: Row & { scope: string } };
  cursors: { key: string; value: { scope: string; v: number; upto: number } };
  outbox: { key: number; value: Item };
  acked: { key: string; value: Acked & { id: string } };
  ghosts: { key: string; value: Ghost };
  blobs: { key: string; value: Picture };
  facts: { key: string; value: unknown };
  sealed: { key: [string, string, number | string]; value: Sealed };
}

export type DB = IDBPDatabase<Schema>;
/** The stores of the sync's own. */
export const replicated = ['reports', 'cursors', 'outbox', 'acked', 'ghosts', 'facts'] as const;
/** All but what is sealed. */
export const all = [...replicated, 'blobs'] as const;

/** Makes the stores that a database of an older version lacks: upgrades only add. */
export function upgrade(db: DB, before: number) {
  db.createObjectStore('sealed', { keyPath: ['user', 'from', 'key'] });
  if (before > 0) return;
  db.createObjectStore('reports', { keyPath: ['scope', 'id'] });
  db.createObjectStore('cursors', { keyPath: 'scope' });
  db.createObjectStore('outbox', { keyPath: 'seq', autoIncrement: true });
  db.createObjectStore('acked', { keyPath: 'id' });
  db.createObjectStore('ghosts', { keyPath: 'id' });
  db.createObjectStore('blobs', { keyPath: 'sha256' });
  db.createObjectStore('facts');
}

/** How the town has ended a device: lost, it forgets what it holds; signed out, it
 * hides it until its person is back. */
export type End = 'lost' | 'signed_out';

type Facts = { get(key: string): Promise<unknown> };

export const grantIn = async (facts: Facts) => (await facts.get('grant')) as Grant | undefined;
export const userOf = async (facts: Facts) => (await grantIn(facts))?.user.id;

/** Whether a person is signed out and not back, nor anybody else in their place. */
export const isOut = async (facts: Facts, user: string): Promise<boolean> =>
  (await facts.get('signed_out')) === true && (await userOf(facts)) === user;

/** How the town has ended the device, by its facts. */
export async function endOf(facts: Facts): Promise<End | undefined> {
  if ((await facts.get('revoked')) === true) return 'lost';
  return (await facts.get('signed_out')) === true ? 'signed_out' : undefined;
}
