/// <reference lib="webworker" />
import { tokens } from './device';
import { pushWaiting } from './push';

declare const self: ServiceWorkerGlobalScope;

/** Filled in by the build. */
const files = '__PRECACHE__' as unknown as string[];
const version = '__VERSION__';
const cacheName = `shell-${version}`;
const shells = ['/crew', '/desk'];
const patienceMs = 4000;
const mediaKept = 400;

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches.open(cacheName).then((cache) =>
      // The hashed files first: a shell that is kept can always start.
      cache.addAll(files).then(() => cache.addAll(shells)),
    ),
  );
});

self.addEventListener('message', (event) => {
  if (event.data === 'take') void self.skipWaiting();
});

/** Background Sync, where it exists: the network is back. An open page sends; else
 * this worker does. */
self.addEventListener('sync', (event) => {
  const { tag, waitUntil } = event as Event & { tag: string; waitUntil(p: Promise<void>): void };
  if (tag === 'outbox') waitUntil.call(event, wake());
});

async function wake() {
  const pages = await self.clients.matchAll({ type: 'window' });
  for (const page of pages) page.postMessage('sync');
  if (!pages.some((p) => new URL(p.url).pathname.startsWith('/crew'))) await pushWaiting();
}

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(
          names
            .filter((n) => n.startsWith('shell-') && n !== cacheName)
            .map((n) => caches.delete(n)),
        ),
      )
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET') return;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  const shell = shells.find((s) => url.pathname === s || url.pathname.startsWith(`${s}/`));
  if (request.mode === 'navigate' && shell) event.respondWith(page(request, shell));
  else if (url.pathname.startsWith('/assets/')) event.respondWith(kept(request));
  else if (/^\/media\/reports\/.*\/320\.jpg$/.test(url.pathname)) event.respondWith(media(request));
  else if (url.pathname.startsWith('/tiles/streets/') || url.pathname === '/api/v1/map') {
    event.respondWith(streets(request));
  }
});

/** The network for four seconds, then what is kept. */
async function page(request: Request, shell: string): Promise<Response> {
  const cache = await caches.open(cacheName);
  const slow = new Promise<undefined>((done) => setTimeout(done, patienceMs));
  try {
    const fresh = await Promise.race([fetch(request), slow]);
    if (fresh?.ok) return fresh;
  } catch {
    // No network: below.
  }
  return (await cache.match(shell)) ?? fetch(request);
}

async function kept(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

/** Small pictures never change under their name, so one look keeps them. */
async function media(request: Request): Promise<Response> {
  const cache = await caches.open('media');
  // Whoever may see it here saw it before, by session or as a device.
  const old = await cache.match(request, { ignoreVary: true });
  if (old) return old;
  const fresh = await asDevice(request);
  if (fresh.ok) {
    await cache.put(request, fresh.clone());
    const all = await cache.keys();
    await Promise.all(
      all.slice(0, Math.max(0, all.length - mediaKept)).map((r) => cache.delete(r)),
    );
  }
  return fresh;
}

/** A picture's address carries no token: where the session does not open it, or there
 * is none as on a phone that came by a code, the device's own token does. */
async function asDevice(request: Request): Promise<Response> {
  const first = await fetch(request);
  if (first.ok) return first;
  for (const token of await tokens()) {
    const again = await fetch(request.url, { headers: { authorization: `Bearer ${token}` } });
    if (again.ok) return again;
  }
  return first;
}

/** The streets seen once are there without network too, and soon on one that stands
 * still. */
async function streets(request: Request): Promise<Response> {
  const cache = await caches.open('streets');
  const asked = fetch(request).then(async (fresh) => {
    if (fresh.ok) await cache.put(request, fresh.clone());
    return fresh;
  });
  const slow = new Promise<undefined>((done) => setTimeout(done, patienceMs));
  const first = await Promise.race([asked, slow]).catch(() => undefined);
  return first ?? (await cache.match(request)) ?? asked;
}
