import type { MapHeader } from './header';

/** The map that this device holds: which, how large, since when, and where it is. */
export type Kept = MapHeader & { sha256: string; bytes: number; at: number };

/** The name is changed in one step, once the new file is whole; what it does not
 * name is no map. */
const place = 'segnavia.basemap';
const folderName = 'basemap';

export function kept(): Kept | undefined {
  try {
    const k = JSON.parse(localStorage.getItem(place) ?? 'null') as Kept | null;
    return k?.sha256 ? k : undefined;
  } catch {
    return undefined;
  }
}

export function keep(k: Kept | undefined) {
  if (k) localStorage.setItem(place, JSON.stringify(k));
  else localStorage.removeItem(place);
}

async function folder(): Promise<FileSystemDirectoryHandle | undefined> {
  try {
    const root = await navigator.storage.getDirectory();
    return await root.getDirectoryHandle(folderName, { create: true });
  } catch {
    return undefined;
  }
}

/** The file of the kept map, if it is there as it was. */
export async function fileOf(k: Kept): Promise<File | undefined> {
  try {
    const file = await (await (await folder())?.getFileHandle(k.sha256))?.getFile();
    return file?.size === k.bytes ? file : undefined;
  } catch {
    return undefined;
  }
}

/** How many bytes of a download that was broken off are there. */
export async function begun(sha256: string): Promise<number> {
  try {
    return (await (await (await folder())?.getFileHandle(sha256))?.getFile())?.size ?? 0;
  } catch {
    return 0;
  }
}

/** Takes away every file but the given ones. */
export async function sweep(...keepers: (string | undefined)[]) {
  const dir = await folder();
  if (!dir) return;
  for await (const name of dir.keys()) {
    // One that a worker still holds goes another time.
    if (!keepers.includes(name)) await dir.removeEntry(name).catch(() => {});
  }
}
