import { awake } from '../core/awake';

/** A report that has not arrived yet. What a person is called stands in it only
 * while it waits for the network. */
export type Draft = {
  id: string;
  /** Proves that this browser sent it; drafts of before nonces have none yet. */
  nonce?: string;
  /** draft: being written; waiting: leaves by itself; refused: to be corrected;
   * sent: arrived, under a code. */
  state: 'draft' | 'waiting' | 'refused' | 'sent';
  saved: number;
  title: string;
  fields: [string, string][];
  photos: File[];
  why?: string;
  /** Refused not by the town: the program could not send it. */
  failed?: boolean;
  code?: string;
  spoken?: string;
};

const store = 'drafts';
let opened: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opened ??= awake(openNow());
  // The next one who asks tries again.
  opened.catch(() => {
    opened = undefined;
  });
  return opened;
}

const openNow = () =>
  new Promise<IDBDatabase>((done, fail) => {
    const asked = indexedDB.open('segnavia.citizen', 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(store, { keyPath: 'id' });
    asked.onsuccess = () => {
      // Some systems close a store under the page.
      asked.result.onclose = () => {
        opened = undefined;
      };
      done(asked.result);
    };
    asked.onerror = () => fail(asked.error);
    asked.onblocked = () => fail(new Error('blocked'));
  });

async function run<T>(
  mode: IDBTransactionMode,
  ask: (s: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const tx = (await open()).transaction(store, mode);
  const asked = ask(tx.objectStore(store));
  return new Promise((done, fail) => {
    tx.oncomplete = () => done(asked.result);
    tx.onabort = tx.onerror = () => fail(tx.error);
  });
}

/** All drafts, the latest first. A browser that keeps nothing has none. */
export async function all(): Promise<Draft[]> {
  try {
    const list = await run<Draft[]>('readonly', (s) => s.getAll());
    return list.sort((a, b) => b.saved - a.saved);
  } catch {
    return [];
  }
}

export const get = (id: string) => run<Draft | undefined>('readonly', (s) => s.get(id));
export const put = (d: Draft) => run('readwrite', (s) => s.put(d));
export const drop = (id: string) => run('readwrite', (s) => s.delete(id));
