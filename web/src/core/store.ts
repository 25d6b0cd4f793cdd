import { openDB } from 'idb';
import { awake } from './awake';
import type { Edit } from './civic';
import type { Item } from './outbox';
import type { Row } from './replica';
import {
  type DB,
  type End,
  endOf,
  type Grant,
  type Picture,
  pictureWaits,
  replicated,
  type Schema,
  upgrade,
  userOf,
} from './schema';
import { byTheTransaction, whyOf, write } from './storing';
import type { Saved, Write } from './writes';

export type { DB, End, Grant, Picture } from './schema';

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
        upgrade,
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
    return edits + pictures.filter(pictureWaits).length;
  }

  /** Roughly how many bytes the reports take. */
  reportBytes(): Promise<number> {
    return this.on(async (db) => JSON.stringify(await db.getAll('reports')).length);
  }

  async wipe(): Promise<void> {
    await this.write([{ w: 'wipe' }]);
  }
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
