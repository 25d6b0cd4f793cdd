import { type DB, type Grant, isOut, type Picture, pictureWaits } from './schema';
import { type Sealable, type Sealed, seal, unseal } from './seal';
import type { Store } from './store';

/** What of a device's own is sealed: its edits, their answers, its pictures. */
const stores = ['outbox', 'acked', 'blobs'] as const;

type Own = (typeof stores)[number];

/** Words that were begun on a job and not yet kept, by report. */
export type Drafts = Record<string, string>;

/**
 * Seals one by one what this device holds of its person, and once nothing lies open
 * forgets what let them in, and with it the key. Cut short, it goes on where it was; a
 * person who signs in meanwhile ends it.
 */
export async function sealAll(store: Store, user: string, key: CryptoKey) {
  do {
    for (const from of stores) {
      for (const at of await store.on((db) => db.getAllKeys(from))) {
        const value = await store.on((db) => db.get(from, at as never));
        if (value === undefined) continue;
        const sealed = await seal(key, value as Sealable);
        await put(store, { user, from, key: at, waits: waits(from, value), ...sealed }, value);
      }
    }
  } while (!(await forgetGrant(store, user)));
}

/** Seals words that were begun. It gives whether they are: then they go from where they
 * were. */
export async function sealDrafts(
  store: Store,
  user: string,
  key: CryptoKey,
  drafts: Drafts,
): Promise<boolean> {
  if (Object.keys(drafts).length === 0) return false;
  const sealed = await seal(key, { drafts });
  return put(store, { user, from: 'drafts', key: Date.now(), waits: false, ...sealed });
}

const waits = (from: Own, value: object): boolean =>
  from === 'blobs' ? pictureWaits(value as Picture) : from === 'outbox';

/** In the place of what it was, as long as its person is signed out and it is the same:
 * another tab, or the worker, may have written it meanwhile. */
const put = (store: Store, sealed: Sealed, was?: object): Promise<boolean> =>
  store.on(async (db) => {
    const tx = db.transaction(['facts', 'sealed', ...stores], 'readwrite');
    const { from, key } = sealed;
    let may = await isOut(tx.objectStore('facts'), sealed.user);
    if (may && from !== 'drafts') {
      may = told(await tx.objectStore(from).get(key as never)) === told(was);
      if (may) await tx.objectStore(from).delete(key as never);
    }
    if (may) await tx.objectStore('sealed').put(sealed);
    await tx.done;
    return may;
  });

/** A value in words; the bytes of a picture are told by its name, which is their hash. */
const told = (value: object | undefined): string => JSON.stringify(value ?? null);

/** Whose the device was stays; what let them in goes. False where something lies open
 * yet. */
const forgetGrant = (store: Store, user: string): Promise<boolean> =>
  store.on(async (db) => {
    const tx = db.transaction(['facts', ...stores], 'readwrite');
    const facts = tx.objectStore('facts');
    const out = await isOut(facts, user);
    let open = 0;
    for (const from of stores) open += await tx.objectStore(from).count();
    if (out && open === 0) {
      const { seal: _, ...rest } = (await facts.get('grant')) as Grant;
      await facts.put({ ...rest, device: '', token: '', refresh: '' }, 'grant');
    }
    await tx.done;
    return !out || open === 0;
  });

const ofUser = (user: string) => IDBKeyRange.bound([user], [user, []]);

/** How many edits and pictures that only this device has are sealed of a person. */
export const sealedOf = (store: Store, user: string): Promise<number> =>
  store.on(async (db) => {
    let n = 0;
    let at = await db.transaction('sealed').store.openCursor(ofUser(user));
    for (; at; at = await at.continue()) if (at.value.waits) n++;
    return n;
  });

/** Opens what was sealed of a person, each in the place that it had; begun takes words
 * that were begun, and says whether it has them. What cannot be opened stays sealed. */
export async function unsealAll(
  store: Store,
  user: string,
  key: CryptoKey,
  begun: (drafts: Drafts) => boolean,
) {
  for (const at of await store.on((db) => db.getAllKeys('sealed', ofUser(user)))) {
    const sealed = await store.on((db) => db.get('sealed', at));
    const value = sealed && (await unseal<Sealable>(key, sealed).catch(() => undefined));
    if (!value) continue;
    // Kept before they are let go of: a page may end in between.
    if (sealed.from === 'drafts' && !begun(value.drafts as Drafts)) continue;
    await store.on((db) => back(db, sealed, value));
  }
}

async function back(db: DB, sealed: Sealed, value: Sealable): Promise<void> {
  const tx = db.transaction(['sealed', ...stores], 'readwrite');
  if (sealed.from !== 'drafts') await tx.objectStore(sealed.from).put(value as never);
  await tx.objectStore('sealed').delete([sealed.user, sealed.from, sealed.key]);
  await tx.done;
}
