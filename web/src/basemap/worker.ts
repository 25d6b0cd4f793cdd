import { type About, byRanges, type Disk, DownloadError, fill, type Trouble } from './download';
import { headerOf, type MapHeader } from './header';

/**
 * Fetches the town's map into a file of the origin's private file system. Only a
 * worker may write there in place, which is what makes a download go on where it
 * was broken off.
 */
export type Told =
  | { done: number }
  | { ready: MapHeader }
  | { trouble: Trouble }
  /** There is no such file system here, or it would not open. */
  | { trouble: 'unsupported' };

declare const self: DedicatedWorkerGlobalScope;

export const folderName = 'basemap';

let stop = false;

self.onmessage = (m: MessageEvent<{ fetch: About } | 'stop'>) => {
  if (m.data === 'stop') stop = true;
  else void run(m.data.fetch);
};

async function run(about: About) {
  const tell = (told: Told) => self.postMessage(told);
  let handle: FileSystemSyncAccessHandle;
  try {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(folderName, { create: true });
    const file = await folder.getFileHandle(about.sha256, { create: true });
    handle = await file.createSyncAccessHandle();
  } catch {
    return tell({ trouble: 'unsupported' });
  }
  try {
    await fill(
      diskOf(handle),
      about,
      byRanges(),
      (done) => tell({ done }),
      () => stop,
    );
    const head = new Uint8Array(127);
    handle.read(head, { at: 0 });
    if (handle.getSize() !== about.bytes) throw new DownloadError('damaged');
    tell({ ready: headerOf(head, about.bytes) });
  } catch (err) {
    const full = (err as DOMException).name === 'QuotaExceededError';
    // What was begun takes room from the work of people.
    if (full) handle.truncate(0);
    tell({ trouble: full ? 'full' : err instanceof DownloadError ? err.trouble : 'network' });
  } finally {
    handle.close();
  }
}

const diskOf = (h: FileSystemSyncAccessHandle): Disk => ({
  size: () => h.getSize(),
  read: (into, at) => h.read(into as Uint8Array<ArrayBuffer>, { at }),
  write(bytes, at) {
    // A write that is cut short is no room, on systems that do not throw.
    if (h.write(bytes as Uint8Array<ArrayBuffer>, { at }) !== bytes.length)
      throw new DOMException('no room', 'QuotaExceededError');
  },
  truncate: (bytes) => h.truncate(bytes),
  flush: () => h.flush(),
});
