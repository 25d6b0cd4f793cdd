import { kept, sweep } from '../basemap/kept';

/** What this device can do without when there is no room for somebody's work:
 * pictures and streets that come again with the network, and half a map. */
export async function makeRoom() {
  await Promise.all([
    ...['media', 'streets'].map((name) => globalThis.caches?.delete(name)),
    sweep(kept()?.sha256),
  ]);
}

/** The photos of cases that were looked at here. */
export async function forgetPhotos() {
  await globalThis.caches?.delete('media');
}
