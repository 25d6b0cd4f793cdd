import { signal } from '@preact/signals';

/** A new version has been fetched and waits for the person's word. */
export const newVersion = signal(false);
/** The shell is kept: this page opens without network. */
export const shellKept = signal(false);

let waiting: ServiceWorker | undefined;
/** This page asked for the new version; another tab of it did not. */
let asked = false;

/** Keeps the shell for days without network. A new version is never forced over
 * an open form: it waits until it is taken or every page is closed. */
export async function keepShell() {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  try {
    const had = navigator.serviceWorker.controller !== null;
    navigator.serviceWorker.addEventListener('controllerchange', () => {
      if (asked) location.reload();
      // Another tab took it: this one goes on until its person reloads it.
      else if (had) newVersion.value = true;
    });
    const registration = await navigator.serviceWorker.register('/sw.js');
    const waits = () => {
      if (registration.waiting && navigator.serviceWorker.controller) {
        waiting = registration.waiting;
        newVersion.value = true;
      }
    };
    waits();
    registration.addEventListener('updatefound', () => {
      registration.installing?.addEventListener('statechange', waits);
    });
    await navigator.serviceWorker.ready;
    shellKept.value = true;
  } catch {
    // Without it the app works, only not from a cold start without network.
  }
}

/** Whether somebody is in the middle of something that a reload would lose. */
export const formOpen = (): boolean =>
  document.querySelector('dialog[open]') !== null ||
  [...document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('textarea, input')].some(
    (f) => /^(textarea|text|password)$/.test(f.type) && f.value.trim() !== '',
  );

/** Takes the new version, unless a form is open. */
export function takeNewVersion(): boolean {
  if (formOpen()) return false;
  asked = true;
  if (waiting?.state === 'installed') waiting.postMessage('take');
  else location.reload();
  return true;
}

/** Asks the browser to wake the worker when the network is back, where it can, so
 * that what was done leaves even if the page is closed by then. */
export async function askForSync() {
  const registration = await navigator.serviceWorker?.getRegistration();
  const { sync } = (registration ?? {}) as { sync?: { register(tag: string): Promise<void> } };
  await sync?.register('outbox').catch(() => {});
}
