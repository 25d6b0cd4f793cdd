import { signal } from '@preact/signals';
import { Auth } from '../core/auth';
import { Client } from '../core/client';
import { type Grant, Store } from '../core/store';
import { lang } from '../text/catalogue';
import { attach, client } from './live';

export type Stage = 'opening' | 'sign_in' | 'ready' | 'no_store';
export const stage = signal<Stage>('opening');
export const grant = signal<Grant | undefined>(undefined);

export type App = { name: string; wants: (scope: string) => boolean };

let app: App;
let store: Store;
const auth = new Auth('', () => lang.value);

/** What a town sees in its list of devices. */
const deviceName = () => `${app.name} · ${navigator.userAgent.match(/\(([^;)]+)/)?.[1] ?? 'web'}`;

/** Opens what this device keeps and shows it at once; the network comes after. */
export async function boot(a: App) {
  app = a;
  try {
    store = await Store.open(`segnavia-${app.name}`, () => location.reload());
  } catch {
    stage.value = 'no_store';
    return;
  }
  const kept = await store.grant();
  if (kept) return enter(kept);
  const session = navigator.onLine ? await auth.already(deviceName()) : undefined;
  if (session) return enter(session);
  stage.value = 'sign_in';
}

async function enter(g: Grant) {
  await store.keepGrant(g);
  grant.value = g;
  attach(
    await Client.start(
      { name: `segnavia-${app.name}`, origin: location.origin, wants: app.wants },
      store,
      auth,
      g,
    ),
  );
  stage.value = 'ready';
  // Without it a browser may empty the store when the disk is full.
  void navigator.storage?.persist?.().catch(() => {});
}

export async function signIn(login: string, password: string) {
  const g = await auth.signIn(login, password, deviceName());
  // Somebody else's list and outbox never pass to the next person.
  if (grant.value && grant.value.user.id !== g.user.id) await store.wipe();
  client.value?.stop();
  await enter(g);
}

export async function signOut() {
  await client.value?.signOut();
  attach(undefined);
  grant.value = undefined;
  await globalThis.caches?.delete('media').catch(() => {});
  stage.value = 'sign_in';
}

/** The moments at which sending is worth a try, and the one when it is not. */
export function listenForNetwork() {
  const nudge = () => client.value?.nudge();
  addEventListener('online', nudge);
  addEventListener('offline', () => client.value?.lost());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') nudge();
  });
}
