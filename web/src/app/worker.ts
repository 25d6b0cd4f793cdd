import { signal } from '@preact/signals';

/** A new version has been fetched and waits for the person's word. */
export const newVersion = signal<ServiceWorker | undefined>(undefined);

/** Keeps the shell for days without network. A new version is never forced
 * over an open form: it waits until it is taken or every page is closed. */
export async function keepShell() {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  try {
    const had = navigator.serviceWorker.controller !== null;
    navigator.serviceWorker.addEventListener('controllerchange', () => {
      if (had) location.reload();
    });
    const registration = await navigator.serviceWorker.register('/sw.js');
    const waits = () => {
      if (registration.waiting && navigator.serviceWorker.controller) {
        newVersion.value = registration.waiting;
      }
    };
    waits();
    registration.addEventListener('updatefound', () => {
      registration.installing?.addEventListener('statechange', waits);
    });
  } catch {
    // Without it the app works, only not from a cold start without network.
  }
}

export const takeNewVersion = () => newVersion.value?.postMessage('take');
