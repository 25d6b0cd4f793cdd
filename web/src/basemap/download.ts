import type { BasemapBody } from '../core/api';
import { patiently, standstillMs } from '../core/patience';

/** What the town says of its map: GET /api/v1/basemap. */
export type About = Omit<BasemapBody, 'pieces'> & { pieces: readonly string[] };

/** A file that is written in place. Positions and lengths are in bytes. */
export type Disk = {
  size(): number;
  /** Fills a part of the buffer, and tells how much. */
  read(into: Uint8Array, at: number): number;
  write(bytes: Uint8Array, at: number): void;
  truncate(bytes: number): void;
  flush(): void;
};

/** Fetches the bytes from to before to, of that version and no other. */
export type Get = (about: About, from: number, to: number) => Promise<Uint8Array<ArrayBuffer>>;

/** Why a map was not fetched. The old one is still there. */
export type Trouble = 'network' | 'changed' | 'full' | 'damaged' | 'stopped';

export class DownloadError extends Error {
  constructor(readonly trouble: Trouble) {
    super(trouble);
  }
}

const tries = 4;

/**
 * Brings a file to what the town says of it, piece by piece. What is there from
 * before, of an earlier try, is checked and kept. done is told the bytes that are
 * there and right. It throws a DownloadError, or what the disk threw.
 */
export async function fill(
  disk: Disk,
  about: About,
  get: Get,
  done: (bytes: number) => void,
  stopped: () => boolean = () => false,
  wait: (ms: number) => Promise<void> = (ms) => new Promise((r) => setTimeout(r, ms)),
): Promise<void> {
  if (about.pieces.length !== Math.ceil(about.bytes / about.piece))
    throw new DownloadError('damaged');
  if (disk.size() > about.bytes) disk.truncate(about.bytes);
  let there = 0;
  for (const [i, want] of about.pieces.entries()) {
    if (stopped()) throw new DownloadError('stopped');
    const from = i * about.piece;
    const to = Math.min(from + about.piece, about.bytes);
    if (!(await holds(disk, from, to, want))) {
      const bytes = await piece(about, from, to, want, get, stopped, wait);
      disk.write(bytes, from);
      disk.flush();
    }
    there += to - from;
    done(there);
  }
}

/** Whether a part is there already, and right. */
async function holds(disk: Disk, from: number, to: number, want: string): Promise<boolean> {
  if (disk.size() < to) return false;
  const bytes = new Uint8Array(to - from);
  return disk.read(bytes, from) === bytes.length && (await sha256(bytes)) === want;
}

async function piece(
  about: About,
  from: number,
  to: number,
  want: string,
  get: Get,
  stopped: () => boolean,
  wait: (ms: number) => Promise<void>,
): Promise<Uint8Array> {
  for (let tried = 1; ; tried++) {
    let trouble: Trouble = 'damaged';
    try {
      const bytes = await get(about, from, to);
      if (bytes.length === to - from && (await sha256(bytes)) === want) return bytes;
    } catch (err) {
      if (err instanceof DownloadError && err.trouble !== 'network') throw err;
      trouble = 'network';
    }
    if (tried >= tries) throw new DownloadError(trouble);
    await wait(500 * 2 ** tried);
    if (stopped()) throw new DownloadError('stopped');
  }
}

/** Asks the town for a part by HTTP ranges. */
export const byRanges =
  (http: typeof fetch = (...a) => fetch(...a), standstill = standstillMs): Get =>
  (about, from, to) =>
    patiently(standstill, async (signal, alive) => {
      const r = await http(about.url, {
        headers: { range: `bytes=${from}-${to - 1}`, 'if-range': `"${about.sha256}"` },
        cache: 'no-store',
        signal,
      });
      // The whole file instead of a part: it is another than the one that was begun.
      if (r.status === 200 || r.status === 404) throw new DownloadError('changed');
      if (r.status !== 206) throw new DownloadError('network');
      return bytesOf(r, to - from, alive);
    });

/** The bytes of an answer, no more than wanted. heard is called for every piece. */
async function bytesOf(r: Response, wanted: number, heard: () => void) {
  const bytes = new Uint8Array(wanted);
  const reader = r.body?.getReader();
  let at = 0;
  for (;;) {
    const piece = await reader?.read();
    if (!piece || piece.done) return bytes.subarray(0, at);
    heard();
    if (at + piece.value.length > wanted) throw new DownloadError('network');
    bytes.set(piece.value, at);
    at += piece.value.length;
  }
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(hash), (b) => b.toString(16).padStart(2, '0')).join('');
}
