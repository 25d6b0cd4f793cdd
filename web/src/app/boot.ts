import { signal } from '@preact/signals';
import { Auth } from '../core/auth';
import { Client } from '../core/client';
import { Problem } from '../core/exchange';
import { type Grant, Store } from '../core/store';
import { tellTabs } from '../core/tabs';
import { lang, t } from '../text/catalogue';
import type { Words } from './away';
import { attach, client } from './live';
import { forgetPhotos, makeRoom } from './room';

export type Stage = 'opening' | 'sign_in' | 'ready' | 'no_store' | 'stale';
export const stage = signal<Stage>('opening');
export const grant = signal<Grant | undefined>(undefined);

export type App = { name: string; wants: (scope: string) => boolean; words?: Words };

let app: App;
let store: Store;
const called = () => `segnavia-${app.name}`;
const auth = new Auth('', () => lang.value);

/** What the office's list of phones calls this one: «Android · Chrome». */
const deviceName = () =>
  [/Android|iPhone|iPad|Windows|Mac|CrOS|Linux/, /Firefox|Edg|Chrome|Safari/]
    .flatMap((kind) => navigator.userAgent.match(kind)?.[0] ?? [])
    .join(' · ')
    .replace('Edg', 'Edge') || app.name;

/** Opens what this device keeps and shows it at once; the network comes after. */
export async function boot(a: App) {
  app = a;
  try {
    store = await Store.open(called(), () => {
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
  const session = navigator.onLine ? await auth.already(deviceName()) : undefined;
  if (session) return admit(session);
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
    await signInByCode(code);
    return true;
  } catch (err) {
    codeTrouble.value = err;
    return false;
  }
}

/** Why the code that this page was opened with was not taken. */
export const codeTrouble = signal<unknown>(undefined);

/** Fetched when somebody was signed out here: few days begin so. */
const away = () => import('./away');

/** The person of a grant is not here any more, and nothing of theirs is shown. Signed out
 * everywhere, what they did is hidden until they are back; else this tab goes by what
 * another did to the store: nobody is here by now, or somebody is. */
async function left(g: Grant) {
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

function hide() {
  client.value?.stop();
  attach(undefined);
  grant.value = undefined;
  signInPage();
}

async function enter(g: Grant) {
  if (stage.value === 'sign_in' || (await store.holdsSealed())) {
    await away()
      .then(({ bringBack }) => bringBack(store, g, app.words))
      .catch(() => {}); // the page opens again with a network
  }
  grant.value = g;
  const started = await Client.start(
    {
      name: called(),
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

/** Opens the store for who has just shown who they are. Somebody else's list never
 * passes to the next person, and what they did is not thrown away for it. */
async function admit(g: Grant) {
  const before = await store.grant();
  if (before && before.user.id !== g.user.id) {
    const n = await store.unsent();
    if (n > 0) {
      const text = t('core.sign_in.other_unsent', { name: before.user.name, n });
      throw new Problem(409, 'other_unsent', text);
    }
    client.value?.stop();
    await forget();
  }
  client.value?.stop();
  await store.keepGrant(g);
  await enter(g);
  client.value?.signedIn();
}

export async function signIn(login: string, password: string) {
  await admit(await auth.signIn(login, password, deviceName()));
}

export async function signInByCode(code: string) {
  await admit(await auth.byCode(code.trim(), deviceName()));
}

async function forget() {
  await store.wipe();
  app.words?.forget();
  await forgetPhotos().catch(() => {});
}

/** Ends every session and device of the person, this one too. What was not sent waits
 * here for them. It throws a Problem, or a NoNetwork. */
export async function signOutEverywhere() {
  const g = await store.grant();
  if (!g) return;
  await auth.signOutEverywhere(g);
  // Where it cannot be written the town says it again.
  await store.write([{ w: 'signed_out', device: g.device }]).catch(() => {});
  tellTabs(called(), 'left');
  await left(g);
}

export async function signOut() {
  client.value?.stop();
  await auth.signOut();
  await forget();
  tellTabs(called(), 'left');
  hide();
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
