import type { Welcome } from '../core/frames';
import type { Item } from '../core/outbox';
import { takeWaiting } from './device';

// This file imports types alone of the core: a worker that shares code with the pages
// would be a module, which not every browser takes as a service worker.

/** As many edits, and bytes of them, as every server of the protocol takes. */
const atOnce = 100;
const pushBytes = 200 * 1024;

/** How long a request may stand still, milliseconds. */
const standstillMs = 60_000;

/** The crews' app is the one that works without network. */
const app = 'segnavia-crew';

/**
 * Sends what waits although no page is open, over the HTTP twin. It only sends: the
 * answers are the server's to keep, and the page that opens next asks for them by
 * sending the same ids again. It throws where another try is worth while.
 */
export async function pushWaiting(http: typeof fetch = (...a) => fetch(...a)): Promise<void> {
  const taken = await takeWaiting(app, atOnce);
  if (!taken || taken.items.length === 0) return;
  const { grant, items } = taken;
  const call = async (path: string, body: unknown, token?: string) => {
    const over = new AbortController();
    const late = setTimeout(() => over.abort(), standstillMs);
    try {
      const r = await http(path, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token ? { authorization: `Bearer ${token}` } : {}),
        },
        body: JSON.stringify(body),
        signal: over.signal,
      });
      // A grant that has ended is for the page to say; the rest may pass.
      if (r.status === 401 || r.status === 403) return undefined;
      if (!r.ok) throw new Error(`${path}: status ${r.status}`);
      return await r.json();
    } finally {
      clearTimeout(late);
    }
  };
  const fresh = (await call('/api/v1/devices/refresh', { refresh: grant.refresh })) as
    | { token: string }
    | undefined;
  if (!fresh) return;
  const hello = {
    t: 'hello',
    proto: 1,
    device: grant.device,
    token: fresh.token,
    epoch: null,
    cursors: {},
    next_n: 1,
  };
  const welcome = (await call('/sync/hello', hello, fresh.token)) as Welcome | undefined;
  if (!welcome) return;
  const edits = fitting(items, welcome);
  await call('/sync/push', { t: 'push', n0: welcome.last_n + 1, edits }, fresh.token);
}

/** The oldest edits that fit one push, as they travel. */
function fitting(items: readonly Item[], { epoch, limits }: Welcome) {
  const most = Math.min(pushBytes, limits?.push_bytes ?? pushBytes);
  let bytes = 0;
  const edits = [];
  for (const { edit, epoch: made } of items) {
    const travelling = made !== null && made !== epoch ? { ...edit, epoch: made } : edit;
    bytes += new TextEncoder().encode(JSON.stringify(travelling)).length + 1;
    if (edits.length > 0 && bytes > most) break;
    edits.push(travelling);
  }
  return edits;
}
