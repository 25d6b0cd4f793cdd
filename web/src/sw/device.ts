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

/** What lets this device in, or undefined: nobody is here, or the town has ended it. */
async function grantIn(facts: IDBObjectStore): Promise<Grant | undefined> {
  const asked = ['grant', 'revoked', 'signed_out'].map((key) => result(facts.get(key)));
  const [grant, revoked, signedOut] = await Promise.all(asked);
  return revoked || signedOut ? undefined : (grant as Grant | undefined);
}

async function grantOf(name: string): Promise<Grant | undefined> {
  const db = await open(name);
  if (!db) return undefined;
  try {
    return await grantIn(db.transaction('facts').objectStore('facts'));
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
 * here is about to send them. The grant is of the same moment: they leave under the name
 * of whoever made them, or not at all. */
export async function takeWaiting(
  name: string,
  limit: number,
): Promise<{ grant: Grant; items: Item[] } | undefined> {
  const db = await open(name);
  if (!db) return undefined;
  try {
    const tx = db.transaction(['facts', 'outbox'], 'readwrite');
    const grant = await grantIn(tx.objectStore('facts'));
    if (!grant) return undefined;
    const outbox = tx.objectStore('outbox');
    const items = (await result(outbox.getAll(null, limit))) as Item[];
    for (const item of items) if (!item.sent) outbox.put({ ...item, sent: true });
    await new Promise<void>((done, failed) => {
      tx.oncomplete = () => done();
      tx.onabort = () => failed(tx.error);
    });
    return { grant, items };
  } finally {
    db.close();
  }
}
