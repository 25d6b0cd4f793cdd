import type { Place } from './dom';

/** How much of a photo is looked at: what a camera writes comes first. */
const head = 256 * 1024;

/** Where a photo was taken, as its camera wrote it, or undefined. */
export async function shotAt(file: Blob): Promise<Place | undefined> {
  try {
    return placeIn(new DataView(await file.slice(0, head).arrayBuffer()));
  } catch {
    return undefined; // cut short, or lying about its own length
  }
}

/** Walks a JPEG's segments to Exif's (Exif 2.32, 4.5.4). Reading past the end
 * throws a RangeError. */
export function placeIn(v: DataView): Place | undefined {
  if (v.getUint16(0) !== 0xffd8) return undefined;
  for (let at = 2; v.getUint8(at) === 0xff; ) {
    const marker = v.getUint8(at + 1);
    const length = v.getUint16(at + 2);
    if (marker === 0xda || length < 2) return undefined;
    if (marker === 0xe1 && v.getUint32(at + 4) === 0x45786966) {
      return exif(new DataView(v.buffer, v.byteOffset + at + 10, length - 8));
    }
    at += 2 + length;
  }
  return undefined;
}

function exif(v: DataView): Place | undefined {
  const le = v.getUint16(0) === 0x4949;
  // Tag, number of values and where the values stand, of each entry.
  const entries = (at: number) => {
    const found = new Map<number, number>();
    for (let i = Math.min(v.getUint16(at, le), 200) - 1; i >= 0; i--) {
      found.set(v.getUint16(at + 2 + i * 12, le), at + 10 + i * 12);
    }
    return found;
  };
  const gps = entries(v.getUint32(4, le)).get(0x8825);
  if (gps === undefined) return undefined;
  const tags = entries(v.getUint32(gps, le));
  const degrees = (tag: number, ref: number, minus: string) => {
    const at = v.getUint32(tags.get(tag) ?? v.byteLength, le);
    const n = (i: number) => v.getUint32(at + i * 8, le) / (v.getUint32(at + i * 8 + 4, le) || 1);
    const sign = String.fromCharCode(v.getUint8(tags.get(ref) ?? v.byteLength)) === minus ? -1 : 1;
    return sign * (n(0) + n(1) / 60 + n(2) / 3600);
  };
  const lat = degrees(2, 1, 'S');
  const lon = degrees(4, 3, 'W');
  // Phones without a fix write 0, 0.
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && (lat || lon) ? { lon, lat } : undefined;
}
