import type { Item } from './outbox';
import type { Grant, Picture, Store } from './store';

/**
 * What only one device has, as a file: for another phone of the same person, or
 * for this one after it was emptied. A line that says what it is, a line of JSON,
 * a line with the SHA-256 of that JSON, then the pictures' bytes one after another,
 * each named in the JSON by its own SHA-256. Nothing is taken from a file that is
 * not whole. The ids of the edits decide, so that taking it twice changes nothing.
 */
const magic = 'segnavia unsent 1';

export type Parcel = {
  town: { id: string; name: string };
  user: { id: string; name: string };
  made: string;
  items: Item[];
  pictures: Picture[];
};

/** Why a file was not taken. */
export type ParcelTrouble = 'not_ours' | 'damaged' | 'other_town' | 'other_person';

export class ParcelError extends Error {
  constructor(
    readonly code: ParcelTrouble,
    readonly whose = '',
  ) {
    super(code);
  }
}

type Listed = Omit<Picture, 'blob'> & { bytes: number; mime: string };
type Head = Omit<Parcel, 'pictures'> & { pictures: Listed[] };

/** Longer heads are not of our making: 10,000 edits of the longest are a third. */
const headLimit = 1 << 30;

export async function pack(parcel: Parcel): Promise<Blob> {
  const pictures = parcel.pictures.map(({ blob, ...rest }) => ({
    ...rest,
    bytes: blob.size,
    mime: blob.type,
  }));
  const head = JSON.stringify({ ...parcel, pictures } satisfies Head);
  const sum = await sha256(new TextEncoder().encode(head));
  return new Blob([`${magic}\n${head}\n${sum}\n`, ...parcel.pictures.map((p) => p.blob)], {
    type: 'application/octet-stream',
  });
}

/** Reads a parcel for the person and the town of a grant. */
export async function open(
  file: Blob,
  mine: { user: { id: string }; jurisdiction: { id: string } },
): Promise<Parcel> {
  const start = magic.length + 1;
  if ((await file.slice(0, start).text()) !== `${magic}\n`) throw new ParcelError('not_ours');
  const end = await newline(file, start);
  const text = await file.slice(start, end).text();
  const sum = await file.slice(end + 1, end + 65).text();
  if ((await sha256(new TextEncoder().encode(text))) !== sum) throw new ParcelError('damaged');
  const head = JSON.parse(text) as Head;
  if (head.town.id !== mine.jurisdiction.id) throw new ParcelError('other_town', head.town.name);
  if (head.user.id !== mine.user.id) throw new ParcelError('other_person', head.user.name);
  return { ...head, pictures: await unpack(file, end + 66, head.pictures) };
}

async function unpack(file: Blob, from: number, listed: readonly Listed[]): Promise<Picture[]> {
  const pictures: Picture[] = [];
  let at = from;
  for (const { bytes, mime, ...rest } of listed) {
    // A copy of the bytes: a slice would end with the file that it is of.
    const buffer = await file.slice(at, at + bytes).arrayBuffer();
    if (buffer.byteLength !== bytes || (await sha256(buffer)) !== rest.sha256)
      throw new ParcelError('damaged');
    pictures.push({ ...rest, blob: new Blob([buffer], { type: mime }) });
    at += bytes;
  }
  return pictures;
}

/** Where the next line ends. */
async function newline(file: Blob, from: number): Promise<number> {
  const piece = 1 << 16;
  for (let at = from; at < file.size && at < headLimit; at += piece) {
    const found = new Uint8Array(await file.slice(at, at + piece).arrayBuffer()).indexOf(10);
    if (found >= 0) return at + found;
  }
  throw new ParcelError('damaged');
}

async function sha256(bytes: BufferSource): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(hash), (b) => b.toString(16).padStart(2, '0')).join('');
}

/** A device, and what only it has. */
type Holder = { grant: Grant; outbox: readonly Item[]; waitingPictures: readonly Picture[] };

/** All that only a device has, in one file. */
export function packed({ grant, outbox, waitingPictures }: Holder, now: Date): Promise<Blob> {
  const { user, jurisdiction } = grant;
  return pack({
    town: { id: jurisdiction.id, name: jurisdiction.name },
    user: { id: user.id, name: user.name },
    made: now.toISOString(),
    items: [...outbox],
    // Where a picture stood on its way is this device's own.
    pictures: waitingPictures.map(({ upload: _, ...p }) => p),
  });
}

/** Takes a file over into a store: the edits that are new there, and how many were known. */
export async function takeOver(file: Blob, grant: Grant, store: Store) {
  const { items, pictures } = await open(file, grant);
  const added = await store.adopt(items, pictures);
  return { added, known: items.length - added.length };
}
