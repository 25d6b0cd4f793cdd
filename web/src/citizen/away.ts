import { make } from './dom';
import type { Draft } from './drafts';
import { onSent, sendWaiting } from './send';

type Syncing = ServiceWorkerRegistration & { sync?: { register(tag: string): Promise<void> } };

/** Asks the browser to wake the worker when the network is back. Where it
 * cannot, the next page that is open or opened sends. */
export async function sendLater() {
  try {
    const worker = (await navigator.serviceWorker?.getRegistration('/report')) as Syncing;
    await worker?.sync?.register('send');
  } catch {
    // Not every browser can, and not every person lets it.
  }
}

/** Keeps the form and the drafts here, so that they open without network. */
export function keepPages() {
  const here = location.pathname === '/report' || location.pathname === '/drafts';
  if (!here || !('serviceWorker' in navigator)) return;
  addEventListener('load', () => {
    for (const scope of ['/report', '/drafts']) {
      navigator.serviceWorker.register('/citizen.js', { scope }).catch(() => {});
    }
  });
}

const firstPauseMs = 2000;
const longestPauseMs = 60_000;

/** Sends what waits: now, whenever the network is back, and again while it does
 * not pass: a browser may say "online" before anything can be reached, and a
 * town may be busy. */
export function sendWhenBack(show: () => void) {
  let pause = firstPauseMs;
  let again: ReturnType<typeof setTimeout> | undefined;
  const go = async () => {
    clearTimeout(again);
    try {
      for (const one of await sendWaiting()) say(one);
      pause = firstPauseMs;
    } catch {
      again = setTimeout(go, pause);
      pause = Math.min(pause * 2, longestPauseMs);
    }
    show();
  };
  addEventListener('online', () => {
    pause = firstPauseMs;
    void go();
  });
  onSent(show);
  void go();
}

/** Says on whatever page is open that a report has arrived. */
function say(draft: Draft) {
  const words = document.getElementById('drafts-link')?.dataset;
  const main = document.getElementById('main');
  if (!words || !main || !draft.code || location.pathname === '/drafts') return;
  const text = (words.sent ?? '').replace('{code}', draft.spoken ?? '');
  const link = make('a', { href: `/r/${draft.code}?thanks=1` }, words.receipt ?? '');
  const box = make('p', { className: 'notice good arrived', role: 'status' }, `${text}. `, link);
  main.prepend(box);
}
