import { signal } from '@preact/signals';
import { Auth } from '../core/auth';
import { Client } from '../core/client';
import { type Grant, Store } from '../core/store';
import { lang } from '../text/catalogue';
import type { Words } from './away';
import { attach, client } from './live';
import { forgetPhotos, makeRoom } from './room';

export type Stage = 'opening' | 'sign_in' | 'ready' | 'no_store' | 'stale';
export const stage = signal<Stage>('opening');
/** Who is here. */
export const grant = signal<Grant | undefined>(undefined);

/** Why the code that this page was opened with was not taken. */
export const codeTrouble = signal<unknown>(undefined);

export type App = { name: string; wants: (scope: string) => boolean; words?: Words };

let app: App;
let store: Store;
/** What this page has opened. */
export const opened = () => ({ app, store });
/** The name of an app's store, and of the word between its tabs. */
export const named = (a: App) => `segnavia-${a.name}`;

const auth = new Auth('', () => lang.value);

/** Opens the store of an app. It throws where this browser lets nothing be kept. */
export async function open(a: App): Promise<Store> {
  app = a;
  store = await Store.open(named(app), () => {
    stage.value = 'stale';
  });
  return store;
}

export const signInPage = () => {
  stage.value = 'sign_in';
};

/** Fetched when somebody was signed out here: few days begin so. */
const away = () => import('./away');

/** The person of a grant is not here any more, and nothing of theirs is shown. Signed out
 * everywhere, what they did is hidden until they are back; else this tab goes by what
 * another did to the store: nobody is here by now, or somebody is. */
export async function left(g: Grant) {
  hide();
  const kept = await store.grant();
  if (!kept) return;
  const back = kept.device !== g.device && (await store.end()) !== 'signed_out';
  if (back) return enter(kept);
  // A key that came after this page had opened is in the store alone.
  if (kept.user.id !== g.user.id) return;
  await away()
    .then(({ putAway }) => putAway(store, { ...g, ...kept }, app.words))
    .catch(() => {}); // hidden it is, until the page opens again
}

/** Nothing of anybody is shown. */
export function hide() {
  client.value?.stop();
  attach(undefined);
  grant.value = undefined;
  signInPage();
}

/** Opens what a person holds here, and shows it. */
export async function enter(g: Grant) {
  if (stage.value === 'sign_in' || (await store.holdsSealed())) {
    await away()
      .then(({ bringBack }) => bringBack(store, g, app.words))
      .catch(() => {}); // the page opens again with a network
  }
  grant.value = g;
  const started = await Client.start(
    {
      name: named(app),
      origin: location.origin,
      wants: app.wants,
      makeRoom,
      wiped: forgetPhotos,
      left: () => void left(g),
    },
    store,
    auth,
    g,
  );
  client.value?.stop();
  attach(started);
  stage.value = 'ready';
  // Without it a browser may empty the store when the disk is full.
  void navigator.storage?.persist?.().catch(() => {});
}
