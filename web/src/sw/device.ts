import type { Item } from '../core/outbox';
import type { Grant } from '../core/store';

/** The apps whose stores this worker may look into. */
const stores = ['segnavia-crew', 'segnavia-desk'];

/** Opens the store of an app, if there is one; it makes none. */
function open(name: string): Promise<IDBDatabase | undefined> {
  return new Promise((done) => {
    const asked = indexedDB.open(name);
    asked.onupgradeneeded = () => asked.transaction?.abort();
    asked.onerror = () => done(undefined);
    asked.onsuccess = () => done(asked.result);
  });
}

const result = <T>(r: IDBRequest<T>): Promise<T> =>
  new Promise((done, failed) => {
    r.onsuccess = () => done(r.result);
    r.onerror = () => failed(r.error);
  });

/** What lets this device in, or undefined. */
export async function grantOf(name: string): Promise<Grant | undefined> {
  const db = await open(name);
  if (!db) return undefined;
  try {
    const facts = db.transaction('facts').objectStore('facts');
    return (await result(facts.get('grant'))) as Grant | undefined;
  } finally {
    db.close();
  }
}

/** Tokens of this device, those of the crews' app first. */
export async function tokens(): Promise<string[]> {
  const grants = await Promise.all(stores.map((s) => grantOf(s).catch(() => undefined)));
  return grants.flatMap((g) => g?.token || []);
}

/** The oldest edits that wait, marked as ones that may have left: whoever reads them
 * here is about to send them. */
export async function takeWaiting(name: string, limit: number): Promise<Item[]> {
  const db = await open(name);
  if (!db) return [];
  try {
    const tx = db.transaction('outbox', 'readwrite');
    const outbox = tx.objectStore('outbox');
    const items = (await result(outbox.getAll(null, limit))) as Item[];
    for (const item of items) if (!item.sent) outbox.put({ ...item, sent: true });
    await new Promise<void>((done, failed) => {
      tx.oncomplete = () => done();
      tx.onabort = () => failed(tx.error);
    });
    return items;
  } finally {
    db.close();
  }
}
