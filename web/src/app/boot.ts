import type { Store } from '../core/store';
import { type App, codeTrouble, enter, left, open, signInPage, stage } from './here';
import { client } from './live';

/** Fetched where somebody comes or goes: few days begin so. */
const sign = () => import('./sign');

/** Opens what this device keeps and shows it at once; the network comes after. */
export async function boot(app: App) {
  let store: Store;
  try {
    store = await open(app);
  } catch {
    stage.value = 'no_store';
    return;
  }
  const code = takeCode(app);
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

/** The code of an address such as /crew/enrol#CODE. It leaves the address at once. */
function takeCode(app: App): string | undefined {
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
