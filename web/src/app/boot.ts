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
export const grant = signal<Grant | undefined>(undefined);

export type App = { name: string; wants: (scope: string) => boolean; words?: Words };

let app: App;
let store: Store;
/** What this page has opened. */
export const opened = () => ({ app, store });
/** The name of an app's store, and of the word between its tabs. */
export const named = (a: App) => `segnavia-${a.name}`;

/** Fetched where somebody comes or goes: few days begin so. */
const sign = () => import('./sign');

const auth = new Auth('', () => lang.value);

/** Opens what this device keeps and shows it at once; the network comes after. */
export async function boot(a: App) {
  app = a;
  try {
    store = await Store.open(named(app), () => {
      stage.value = 'stale';
    });
  } catch {
    stage.value = 'no_store';
    return;
  }
  const code = takeCode();
  const kept = await store.grant();
  if (kept && (await store.end()) === 'signed_out') {
    void left(kept);
    if (code) await byCode(code);
    return;
  }
  if (kept) await enter(kept);
  if (code && (await byCode(code))) return;
  if (kept) return;
  if (navigator.onLine && (await bySession())) return;
  signInPage();
}

const signInPage = () => {
  stage.value = 'sign_in';
};

/** The code of an address such as /crew/enrol#CODE. It leaves the address at once. */
function takeCode(): string | undefined {
  if (!location.pathname.endsWith('/enrol') || location.hash.length < 2) return undefined;
  // A code needs no escapes; an address that was mangled on its way is a wrong code.
  const code = location.hash.slice(1);
  history.replaceState(null, '', `/${app.name}`);
  return code;
}

/** Whether a code that came by an address was taken; the page tells what not. */
async function byCode(code: string): Promise<boolean> {
  try {
    await (await sign()).signInByCode(code);
    return true;
  } catch (err) {
    codeTrouble.value = err;
    return false;
  }
}

/** Whether somebody is signed in already, with a password at another page. */
const bySession = (): Promise<boolean> =>
  sign()
    .then((m) => m.signInBySession())
    .catch(() => false);

/** Why the code that this page was opened with was not taken. */
export const codeTrouble = signal<unknown>(undefined);

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

export function hide() {
  client.value?.stop();
  attach(undefined);
  grant.value = undefined;
  signInPage();
}

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

/** The moments at which sending is worth a try, and the one when it is not. */
export function listenForNetwork() {
  const nudge = () => client.value?.nudge();
  addEventListener('online', nudge);
  addEventListener('pageshow', nudge);
  addEventListener('offline', () => client.value?.lost());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') nudge();
  });
  navigator.serviceWorker?.addEventListener('message', (m) => {
    if (m.data === 'sync') nudge();
  });
}
