import { signal } from '@preact/signals';
import { patiently, standstillMs } from '../core/patience';
import type { About, Trouble } from './download';
import { begun, keep, kept, sweep } from './kept';
import type { Told } from './worker';

/** What is known of the map for when there is no network. */
export type State =
  | { is: 'unknown' }
  /** This town has none. */
  | { is: 'none' }
  /** To be had; had are the bytes of a download that was broken off. */
  | { is: 'idle'; had: number; trouble?: Trouble | 'unsupported' | 'room'; free?: number }
  | { is: 'fetching'; had: number }
  | { is: 'ready' };

export const state = signal<State>({ is: 'unknown' });
/** What the town offers; undefined without network. */
export const offered = signal<About | undefined>(undefined);
export const here = signal(kept());

/** What stays free for people's work and photos. */
const spareBytes = 30e6;

let worker: Worker | undefined;

/** Looks what the town has, and what of it is here. */
export async function look() {
  if (state.value.is === 'fetching') return;
  here.value = kept();
  try {
    const [r, body] = await patiently(standstillMs, async (signal) => {
      const r = await fetch('/api/v1/basemap', { signal });
      return [r, await r.text()] as const;
    });
    if (r.status === 404) {
      offered.value = undefined;
      state.value = here.value ? { is: 'ready' } : { is: 'none' };
      return;
    }
    if (!r.ok) throw new Error(`basemap: status ${r.status}`);
    offered.value = JSON.parse(body) as About;
  } catch {
    // Without network what is here is all that is known.
    state.value = here.value ? { is: 'ready' } : { is: 'idle', had: 0 };
    return;
  }
  const { sha256 } = offered.value;
  await sweep(here.value?.sha256, sha256);
  state.value =
    here.value?.sha256 === sha256 ? { is: 'ready' } : { is: 'idle', had: await begun(sha256) };
}

/** Fetches the map that the town offers, from where an earlier try ended. */
export async function fetchMap() {
  const about = offered.value;
  if (!about || state.value.is === 'fetching') return;
  const had = await begun(about.sha256);
  const free = await room();
  if (free !== undefined && free < about.bytes - had + spareBytes) {
    state.value = { is: 'idle', had, trouble: 'room', free: Math.max(0, free - spareBytes) };
    return;
  }
  state.value = { is: 'fetching', had };
  worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  worker.onmessage = (m: MessageEvent<Told>) => void told(about, m.data);
  worker.onerror = () => void told(about, { trouble: 'unsupported' });
  worker.postMessage({ fetch: about });
}

/** Bytes that this origin may still write, where the browser says: Chromium tells
 * everybody the same, and only a write that fails tells the truth. */
async function room(): Promise<number | undefined> {
  const { quota, usage } = (await navigator.storage?.estimate?.().catch(() => undefined)) ?? {};
  return quota === undefined || usage === undefined ? undefined : quota - usage;
}

async function told(about: About, word: Told) {
  if ('done' in word) {
    state.value = { is: 'fetching', had: word.done };
    return;
  }
  worker?.terminate();
  worker = undefined;
  if ('ready' in word) {
    // The name first, then the old file goes: at no moment is there no map.
    here.value = { ...word.ready, sha256: about.sha256, bytes: about.bytes, at: Date.now() };
    keep(here.value);
    state.value = { is: 'ready' };
    return sweep(about.sha256);
  }
  const had = await begun(about.sha256);
  state.value = {
    is: 'idle',
    had,
    ...(word.trouble === 'stopped' ? {} : { trouble: word.trouble }),
  };
  if (word.trouble === 'changed') await look();
}

/** Stops; what is there stays for another time. */
export const pause = () => worker?.postMessage('stop');

/** Takes away what was begun. The map from before stays. */
export async function cancel() {
  worker?.terminate();
  worker = undefined;
  state.value = { is: 'idle', had: 0 };
  await sweep(here.value?.sha256);
  state.value = { is: 'idle', had: 0 };
}

/** Takes the map away. */
export async function forgetMap() {
  keep(undefined);
  here.value = undefined;
  await sweep();
  state.value = { is: 'unknown' };
  await look();
}
