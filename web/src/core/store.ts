import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { awake } from './awake';
import type { Edit } from './civic';
import type { Acked, Item } from './outbox';
import type { Row } from './replica';
import type { Sealed } from './seal';
import { type Ghost, leaves, type Saved, type Write } from './writes';

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
const replicated = ['reports', 'cursors', 'outbox', 'acked', 'ghosts', 'facts'] as const;
const all = [...replicated, 'blobs'] as const;

/** How the town has ended a device: lost, it forgets what it holds; signed out, it
 * hides it until its person is back. */
export type End = 'lost' | 'signed_out';

/** A store that could not be written because the device has no room left. */
export class NoRoom extends Error {}

/** A store that is another person's by now: they signed in in another tab. */
export class NotTheirs extends Error {}

/**
 * What a device keeps. Schema upgrades only add. A connection that the system
 * closed under it (iOS does) is opened again, and what was under way is done anew.
 */
export class Store {
  private constructor(
    private readonly name: string,
    private db: DB | undefined,
    private readonly outdated: (() => void) | undefined,
  ) {}

  /** outdated is told when another tab brings a newer schema than this page knows. */
  static async open(name: string, outdated?: () => void): Promise<Store> {
    const store = new Store(name, undefined, outdated);
    await store.opened();
    return store;
  }

  private async opened(): Promise<DB> {
    this.db ??= await awake(
      openDB<Schema>(this.name, 2, {
        upgrade(db, before) {
          db.createObjectStore('sealed', { keyPath: ['user', 'from', 'key'] });
          if (before > 0) return;
          db.createObjectStore('reports', { keyPath: ['scope', 'id'] });
          db.createObjectStore('cursors', { keyPath: 'scope' });
          db.createObjectStore('outbox', { keyPath: 'seq', autoIncrement: true });
          db.createObjectStore('acked', { keyPath: 'id' });
          db.createObjectStore('ghosts', { keyPath: 'id' });
          db.createObjectStore('blobs', { keyPath: 'sha256' });
          db.createObjectStore('facts');
        },
        terminated: () => {
          this.db = undefined;
        },
        blocking: (_old, _new, event) => {
          (event.target as IDBDatabase).close();
          this.outdated?.();
        },
      }),
    );
    return this.db;
  }

  /** Works on the database, once more where the system had closed it. */
  async on<T>(work: (db: DB) => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries++) {
      try {
        return await work(await this.opened());
      } catch (err) {
        const { name } = err as DOMException;
        if (name === 'QuotaExceededError') throw new NoRoom(name);
        if (tries > 0 || name !== 'InvalidStateError') throw err;
        this.db = undefined;
      }
    }
  }

  close() {
    this.db?.close();
    this.db = undefined;
  }

  load(): Promise<Saved> {
    return this.on(load);
  }

  /** Carries out a list of writes in one transaction, or none of them: none where
   * somebody else than user is here by now. */
  write(writes: readonly Write[], user?: string): Promise<void> {
    return this.on((db) => write(db, writes, user));
  }

  /**
   * Keeps an edit, and its picture, before anybody says that it is kept. Any
   * tab may call it: the order of capture is the database's. It throws NotTheirs where
   * somebody else than user is here by now.
   */
  capture(edit: Edit, label: string, picture?: Picture, user?: string): Promise<Item> {
    return this.on(async (db) => {
      const tx = db.transaction(['outbox', 'blobs', 'facts'], 'readwrite');
      if (user && (await userOf(tx.objectStore('facts'))) !== user) throw new NotTheirs();
      const epoch = ((await tx.objectStore('facts').get('epoch')) as string | undefined) ?? null;
      if (picture) void tx.objectStore('blobs').put(picture).catch(byTheTransaction);
      const item = { edit, label, epoch } as Item;
      item.seq = await tx.objectStore('outbox').add(item).catch(whyOf(tx));
      await tx.done.catch(whyOf(tx));
      return item;
    });
  }

  /** Takes over edits and pictures from elsewhere, in their order; those that are
   * here already, waiting or answered, are left as they are. */
  adopt(items: readonly Item[], pictures: readonly Picture[]): Promise<Item[]> {
    return this.on(async (db) => {
      const tx = db.transaction(['outbox', 'acked', 'blobs'], 'readwrite');
      const outbox = tx.objectStore('outbox');
      const known = new Set((await outbox.getAll()).map((i) => i.edit.id));
      for (const id of await tx.objectStore('acked').getAllKeys()) known.add(id);
      const here = new Set(await tx.objectStore('blobs').getAllKeys());
      const added: Item[] = [];
      for (const { seq: _, ...item } of items) {
        if (known.has(item.edit.id)) continue;
        const seq = await outbox.add(item as Item).catch(whyOf(tx));
        added.push({ ...item, seq });
      }
      for (const p of pictures) {
        if (!here.has(p.sha256)) await tx.objectStore('blobs').put(p).catch(whyOf(tx));
      }
      await tx.done.catch(whyOf(tx));
      return added;
    });
  }

  pictures(): Promise<Picture[]> {
    return this.on((db) => db.getAll('blobs'));
  }

  picture(sha256: string): Promise<Picture | undefined> {
    return this.on((db) => db.get('blobs', sha256));
  }

  /** Makes another of a picture in one step. What is not there any more, taken back or
   * sealed, does not come back by it: then it gives undefined. */
  changePicture(sha256: string, change: (p: Picture) => Picture): Promise<Picture | undefined> {
    return this.on(async (db) => {
      const tx = db.transaction('blobs', 'readwrite');
      const before = await tx.store.get(sha256);
      const after = before && change(before);
      if (after) await tx.store.put(after);
      await tx.done;
      return after;
    });
  }

  async forgetPicture(sha256: string): Promise<void> {
    await this.on((db) => db.delete('blobs', sha256));
  }

  async grant(): Promise<Grant | undefined> {
    return (await this.on((db) => db.get('facts', 'grant'))) as Grant | undefined;
  }

  /** A grant that is new ends what an old one's end had left to say. */
  keepGrant(grant: Grant): Promise<void> {
    return this.on(async (db) => {
      const tx = db.transaction('facts', 'readwrite');
      await Promise.all([
        tx.store.put(grant, 'grant'),
        tx.store.delete('revoked'),
        tx.store.delete('signed_out'),
        tx.done,
      ]);
    });
  }

  /** A renewed grant, unless the device has ended meanwhile. */
  renewGrant(grant: Grant): Promise<void> {
    return this.on(async (db) => {
      const tx = db.transaction('facts', 'readwrite');
      if (!(await endOf(tx.store))) await tx.store.put(grant, 'grant');
      await tx.done;
    });
  }

  /** How the town has ended this device, or undefined. */
  end(): Promise<End | undefined> {
    return this.on((db) => endOf(db.transaction('facts').store));
  }

  /** Whether anything of anybody is sealed here. */
  async holdsSealed(): Promise<boolean> {
    return (await this.on((db) => db.count('sealed'))) > 0;
  }

  /** How much of what only this device has lies open: edits and pictures. */
  async unsent(): Promise<number> {
    const [edits, pictures] = await Promise.all([
      this.on((db) => db.count('outbox')),
      this.pictures(),
    ]);
    return edits + pictures.filter((p) => p.sent === undefined && !p.refused).length;
  }

  /** Roughly how many bytes the reports take. */
  reportBytes(): Promise<number> {
    return this.on(async (db) => JSON.stringify(await db.getAll('reports')).length);
  }

  async wipe(): Promise<void> {
    await this.write([{ w: 'wipe' }]);
  }
}

type Facts = { get(key: string): Promise<unknown> };

const grantIn = async (facts: Facts) => (await facts.get('grant')) as Grant | undefined;
const userOf = async (facts: Facts) => (await grantIn(facts))?.user.id;

/** Whether a person is signed out and not back, nor anybody else in their place. */
export const isOut = async (facts: Facts, user: string): Promise<boolean> =>
  (await facts.get('signed_out')) === true && (await userOf(facts)) === user;

async function endOf(facts: Facts): Promise<End | undefined> {
  if ((await facts.get('revoked')) === true) return 'lost';
  return (await facts.get('signed_out')) === true ? 'signed_out' : undefined;
}

async function load(db: DB): Promise<Saved> {
  const tx = db.transaction(replicated, 'readonly');
  const [reports, cursors, outbox, acked, ghosts, epoch, lastN] = await Promise.all([
    tx.objectStore('reports').getAll(),
    tx.objectStore('cursors').getAll(),
    tx.objectStore('outbox').getAll(),
    tx.objectStore('acked').getAll(),
    tx.objectStore('ghosts').getAll(),
    tx.objectStore('facts').get('epoch'),
    tx.objectStore('facts').get('last_n'),
  ]);
  const rows = new Map<string, Row[]>(cursors.map((c) => [c.scope, []]));
  for (const { scope, ...row } of reports) rows.get(scope)?.push(row);
  return {
    epoch: (epoch as string | undefined) ?? null,
    lastN: (lastN as number | undefined) ?? 0,
    scopes: cursors.map((c) => ({ ...c, rows: rows.get(c.scope) ?? [] })),
    outbox,
    acked,
    ghosts,
  };
}

async function write(db: DB, writes: readonly Write[], user?: string): Promise<void> {
  const tx = db.transaction(all, 'readwrite');
  const asked: Promise<unknown>[] = [];
  const facts = tx.objectStore('facts');
  const out = (await endOf(facts)) === 'signed_out';
  const grant = await grantIn(facts);
  if (user && grant?.user.id !== user) return;
  try {
    // Nothing is awaited in between: the requests keep the order of the list.
    for (const w of writes) {
      if (out && !leaves(w)) continue; // it would lie open beside what is sealed
      if ('device' in w && w.device !== grant?.device) continue; // its person is back by another
      asked.push(...requests(tx, w));
    }
  } catch (err) {
    tx.abort();
    await Promise.allSettled([...asked, tx.done]);
    throw err;
  }
  await Promise.all([...asked, tx.done]).catch(whyOf(tx));
}

/** A request says only that its transaction was aborted; the transaction says why. */
const whyOf = (tx: { error: DOMException | null; done: Promise<void> }) => async (err: unknown) => {
  await tx.done.catch(byTheTransaction);
  throw tx.error ?? err;
};
const byTheTransaction = () => {};

type Tx = import('idb').IDBPTransaction<Schema, (typeof all)[number][], 'readwrite'>;

const scopeRange = (scope: string) => IDBKeyRange.bound([scope], [scope, []]);

function requests(tx: Tx, w: Write): Promise<unknown>[] {
  const reports = tx.objectStore('reports');
  const cursors = tx.objectStore('cursors');
  const outbox = tx.objectStore('outbox');
  const acked = tx.objectStore('acked');
  switch (w.w) {
    case 'row':
      return [reports.put({ ...w.row, scope: w.scope })];
    case 'gone':
      return [reports.delete([w.scope, w.id])];
    case 'cursor':
      return [cursors.put({ scope: w.scope, v: w.v, upto: w.upto })];
    case 'replace':
      return [
        reports.delete(scopeRange(w.scope)),
        ...w.rows.map((row) => reports.put({ ...row, scope: w.scope })),
        cursors.put({ scope: w.scope, v: w.v, upto: w.upto }),
      ];
    case 'drop':
      return [reports.delete(scopeRange(w.scope)), cursors.delete(w.scope)];
    case 'ghost':
      return [tx.objectStore('ghosts').put(w.ghost)];
    case 'unghost':
      return [tx.objectStore('ghosts').delete(w.id)];
    case 'item':
      return [outbox.put(w.item)];
    case 'withdrawn':
      return [
        outbox.delete(w.seq),
        ...(w.sha256 ? [tx.objectStore('blobs').delete(w.sha256)] : []),
      ];
    case 'acked':
      return [outbox.delete(w.item.seq), acked.put({ ...w.item, id: w.item.edit.id })];
    case 'reoffer':
      return [acked.delete(w.item.edit.id), outbox.put(w.item)];
    case 'forget':
      return [acked.delete(w.id)];
    case 'epoch':
      return [tx.objectStore('facts').put(w.epoch, 'epoch'), offerPictures(tx)];
    case 'last_n':
      return [tx.objectStore('facts').put(w.n, 'last_n')];
    case 'revoked':
      return [
        reports.clear(),
        cursors.clear(),
        acked.clear(),
        tx.objectStore('ghosts').clear(),
        tx.objectStore('facts').put(true, 'revoked'),
        forgetSent(tx),
      ];
    case 'signed_out':
      return [
        reports.clear(),
        cursors.clear(),
        tx.objectStore('ghosts').clear(),
        tx.objectStore('facts').put(true, 'signed_out'),
      ];
    case 'wipe':
      return all.map((name) => tx.objectStore(name).clear());
  }
}

/** The pictures that the town has go; those that wait stay. */
async function forgetSent(tx: Tx): Promise<void> {
  for (let at = await tx.objectStore('blobs').openCursor(); at !== null; at = await at.continue()) {
    if (at.value.sent !== undefined) await at.delete();
  }
}

/** In another age of the database the bucket may be older too: pictures that were
 * sent are asked after once more, as the edits are offered. */
async function offerPictures(tx: Tx): Promise<void> {
  let at = await tx.objectStore('blobs').openCursor();
  while (at) {
    const { sent, upload, previewed, ...picture } = at.value;
    if (sent !== undefined || upload !== undefined) await at.update(picture);
    at = await at.continue();
  }
}
