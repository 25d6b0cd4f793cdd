/// <reference lib="webworker" />
import { withoutNonce } from './nonce';
import { sendWaiting } from './send';

declare const self: ServiceWorkerGlobalScope;

/** Filled in by the build: the script, the style and the fonts of these pages. */
const files = '__PRECACHE__' as unknown as string[];
const cacheName = 'citizen-__VERSION__';
const pages = ['/report', '/report?kind=assistance', '/drafts'];
const patienceMs = 4000;

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches.open(cacheName).then(async (cache) => {
      await cache.addAll(files);
      await Promise.all(pages.map(async (page) => keep(cache, page, await fetch(page))));
      await keepQuestions(cache);
      await self.skipWaiting();
    }),
  );
});

/** Keeps a page for when there is no network, without what is one report's own. */
async function keep(cache: Cache, name: string, answer: Response) {
  if (!answer.ok) throw new Error(`${name}: status ${answer.status}`);
  await cache.put(name, await withoutNonce(answer));
}

/** What a service asks is there without network too. */
async function keepQuestions(cache: Cache) {
  const form = await (await cache.match('/report', { ignoreVary: true }))?.text();
  const asking = form?.matchAll(/value="([^"]+)"[^>]* data-asks/g) ?? [];
  await Promise.all([...asking].map((m) => cache.add(`/report/questions?service=${m[1]}`)));
}

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(
          names
            .filter((n) => n.startsWith('citizen-') && n !== cacheName)
            .map((n) => caches.delete(n)),
        ),
      )
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (request.mode === 'navigate') {
    const kind = url.searchParams.get('kind');
    const page = pages.find((p) => p === (kind ? `${url.pathname}?kind=${kind}` : url.pathname));
    if (page) event.respondWith(fresh(request, page, url.search === '' || !!kind));
  } else if (url.pathname === '/report/questions') {
    event.respondWith(fresh(request, url.pathname + url.search, true));
  } else if (url.pathname.startsWith('/assets/')) {
    event.respondWith(
      caches.match(request, { ignoreVary: true }).then((old) => old ?? fetch(request)),
    );
  }
});

/** The network for four seconds, then what is kept. A page that was asked for
 * plainly is kept anew: it may be in another language now. */
async function fresh(request: Request, name: string, plain: boolean): Promise<Response> {
  const cache = await caches.open(cacheName);
  const slow = new Promise<undefined>((done) => setTimeout(done, patienceMs));
  const asked = fetch(request);
  try {
    const answer = await Promise.race([asked, slow]);
    if (answer?.ok && plain) await keep(cache, name, answer.clone());
    if (answer) return answer;
  } catch {
    // No network: below.
  }
  return (await cache.match(name, { ignoreVary: true })) ?? asked;
}

type SyncEvent = ExtendableEvent & { tag: string };

/** The browser says that the network is back; no page needs to be open. What
 * fails is asked for again by the browser. */
self.addEventListener('sync' as 'message', (event: unknown) => {
  const { tag, waitUntil } = event as SyncEvent;
  if (tag === 'send') waitUntil.call(event, sendWaiting());
});
