/**
 * The checksum of a scope (sync protocol 1): two lanes, each the sum modulo 2³²
 * of one FNV-1a hash a member. Lanes are kept as unsigned 32-bit numbers.
 */
export type Sum = { readonly a: number; readonly b: number };

export const empty: Sum = { a: 0, b: 0 };

const basisA = 0x811c9dc5;
const basisB = 0x9747b28c;
const prime = 0x01000193;

/** The contribution of one member at one rev. The id is a lower-case UUID. */
export function sumOf(id: string, rev: number): Sum {
  let a = basisA;
  let b = basisB;
  const feed = (byte: number) => {
    a = Math.imul(a ^ byte, prime);
    b = Math.imul(b ^ byte, prime);
  };
  const hex = id.replaceAll('-', '');
  for (let i = 0; i < 32; i += 2) feed(Number.parseInt(hex.slice(i, i + 2), 16));
  // A rev needs more than 32 bits only in theory, but the bytes are counted.
  const high = Math.floor(rev / 0x1_0000_0000);
  for (const word of [high, rev >>> 0]) {
    for (let shift = 24; shift >= 0; shift -= 8) feed((word >>> shift) & 0xff);
  }
  return { a: a >>> 0, b: b >>> 0 };
}

export const add = (s: Sum, o: Sum): Sum => ({ a: (s.a + o.a) >>> 0, b: (s.b + o.b) >>> 0 });
export const sub = (s: Sum, o: Sum): Sum => ({ a: (s.a - o.a) >>> 0, b: (s.b - o.b) >>> 0 });

/** Sixteen lower-case hex digits, lane a first. */
export const format = (s: Sum): string =>
  s.a.toString(16).padStart(8, '0') + s.b.toString(16).padStart(8, '0');

/** The bucket of an id in a repair: its first byte, 0 to 255. */
export const bucketOf = (id: string): number => Number.parseInt(id.slice(0, 2), 16);
