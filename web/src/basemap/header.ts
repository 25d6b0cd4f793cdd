import { DownloadError } from './download';

/** What the header of a PMTiles file says. Degrees: west, south, east, north. */
export type MapHeader = { bounds: [number, number, number, number]; maxZoom: number };

const headerBytes = 127;

/**
 * Reads the header of a PMTiles file of version 3 and vector tiles, and checks that
 * all that it points at lies within the file's size. It throws a DownloadError.
 */
export function headerOf(head: Uint8Array<ArrayBuffer>, size: number): MapHeader {
  if (head.length < headerBytes || new TextDecoder().decode(head.subarray(0, 7)) !== 'PMTiles')
    throw new DownloadError('damaged');
  const v = new DataView(head.buffer, head.byteOffset, headerBytes);
  // Byte positions by the specification of PMTiles 3.
  for (const at of [8, 24, 40, 56]) {
    const end = v.getBigUint64(at, true) + v.getBigUint64(at + 8, true);
    if (end > BigInt(size)) throw new DownloadError('damaged');
  }
  const vector = 1;
  if (v.getUint8(7) !== 3 || v.getUint8(99) !== vector) throw new DownloadError('damaged');
  const degrees = (at: number) => v.getInt32(at, true) / 1e7;
  return {
    bounds: [degrees(102), degrees(106), degrees(110), degrees(114)],
    maxZoom: v.getUint8(101),
  };
}
