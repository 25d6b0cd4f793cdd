import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Edit } from './civic';
import type { Acked, Item } from './outbox';
import type { Row } from './replica';
import type { Ghost, Saved, Write } from './writes';

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
  user: { id: string; login: string; name: string; role: string; teams: string[]; desks: string[] };
  jurisdiction: { id: string; name: string; locale: string; zone: string };
};

interface Schema extends DBSchema {
  reports: { key: [string, string]; value: Row & { scope: string } };
  cursors: { key: string; value: { scope: string; v: number; upto: number } };
  outbox: { key: number; value: Item };
  acked: { key: string; value: Acked & { id: string } };
  ghosts: { key: string; value: Ghost };
  blobs: { key: string; value: Picture };
  facts: { key: string; value: unknown };
}

type DB = IDBPDatabase<Schema>;
const replicated = ['reports', 'cursors', 'outbox', 'acked', 'ghosts', 'facts'] as const;
const all = [...replicated, 'blobs'] as const;

/** What a device keeps. Schema upgrades only add. */
export class Store {
  private constructor(private readonly db: DB) {}

  static async open(name: string, closed?: () => void): Promise<Store> {
    const db = await openDB<Schema>(name, 1, {
      upgrade(db) {
        db.createObjectStore('reports', { keyPath: ['scope', 'id'] });
        db.createObjectStore('cursors', { keyPath: 'scope' });
        db.createObjectStore('outbox', { keyPath: 'seq', autoIncrement: true });
        db.createObjectStore('acked', { keyPath: 'id' });
        db.createObjectStore('ghosts', { keyPath: 'id' });
        db.createObjectStore('blobs', { keyPath: 'sha256' });
        db.createObjectStore('facts');
      },
      // iOS kills connections; another tab may bring a newer schema.
      terminated: () => closed?.(),
      blocking: (_old, _new, event) => {
        (event.target as IDBDatabase).close();
        closed?.();
      },
    });
    return new Store(db);
  }

  close() {
    this.db.close();
  }

  async load(): Promise<Saved> {
    const tx = this.db.transaction(replicated, 'readonly');
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

  /** Carries out a list of writes in one transaction, or none of them. */
  async write(writes: readonly Write[]): Promise<void> {
    const tx = this.db.transaction(all, 'readwrite');
    const asked: Promise<unknown>[] = [];
    try {
      // Nothing is awaited in between: the requests keep the order of the list.
      for (const w of writes) asked.push(...requests(tx, w));
    } catch (err) {
      tx.abort();
      await Promise.allSettled([...asked, tx.done]);
      throw err;
    }
    await Promise.all([...asked, tx.done]);
  }

  /**
   * Keeps an edit, and its picture, before anybody says that it is kept. Any
   * tab may call it: the order of capture is the database's.
   */
  async capture(edit: Edit, label: string, picture?: Picture): Promise<Item> {
    const tx = this.db.transaction(['outbox', 'blobs', 'facts'], 'readwrite');
    const epoch = ((await tx.objectStore('facts').get('epoch')) as string | undefined) ?? null;
    if (picture) await tx.objectStore('blobs').put(picture);
    const item = { edit, label, epoch } as Item;
    item.seq = await tx.objectStore('outbox').add(item);
    await tx.done;
    return item;
  }

  outbox(): Promise<Item[]> {
    return this.db.getAll('outbox');
  }

  pictures(): Promise<Picture[]> {
    return this.db.getAll('blobs');
  }

  picture(sha256: string): Promise<Picture | undefined> {
    return this.db.get('blobs', sha256);
  }

  async keepPicture(picture: Picture): Promise<void> {
    await this.db.put('blobs', picture);
  }

  async forgetPicture(sha256: string): Promise<void> {
    await this.db.delete('blobs', sha256);
  }

  async grant(): Promise<Grant | undefined> {
    return (await this.db.get('facts', 'grant')) as Grant | undefined;
  }

  async keepGrant(grant: Grant): Promise<void> {
    await this.db.put('facts', grant, 'grant');
  }

  async wipe(): Promise<void> {
    await this.write([{ w: 'wipe' }]);
  }
}

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
    case 'wipe':
      return all.map((name) => tx.objectStore(name).clear());
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
