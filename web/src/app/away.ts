import { signal } from '@preact/signals';
import { sealKey } from '../core/seal';
import { type Drafts, sealAll, sealDrafts, sealedOf, unsealAll } from '../core/sealing';
import type { Grant, Store } from '../core/store';
import { forgetPhotos } from './room';

/** Somebody who was signed out on this device, and how many edits and pictures that
 * only it has wait here for them. */
export type Away = { name: string; n: number };

/** What the page to sign in says of them. */
export const away = signal<Away | undefined>(undefined);

/** Words that an app keeps while they are written: its own, and no other app's. */
export type Words = {
  kept(): Drafts;
  /** Whether they are kept. */
  keep(drafts: Drafts): boolean;
  forget(): void;
};

/** Seals what a person who was signed out did here, where that can be; else it is only
 * hidden. A device that cannot be written stays as it is, and is looked at again when
 * the page opens next. */
export async function putAway(store: Store, grant: Grant, words?: Words) {
  const { name, id } = grant.user;
  away.value = { name, n: 0 };
  try {
    await forgetPhotos();
    const key = await sealKey(grant.seal);
    if (key) {
      if (words && (await sealDrafts(store, id, key, words.kept()))) words.forget();
      await sealAll(store, id, key);
    }
    const n = (await sealedOf(store, id)) + (await store.unsent());
    if (away.value) away.value = { name, n };
  } catch {
    // Hidden it is.
  }
}

/** Opens what waits sealed of a person who is here. */
export async function bringBack(store: Store, grant: Grant, words?: Words) {
  away.value = undefined;
  try {
    const key = await sealKey(grant.seal);
    if (key) await unsealAll(store, grant.user.id, key, (d) => words?.keep(d) ?? false);
  } catch {
    // It stays sealed, and is opened when the page opens next.
  }
}
