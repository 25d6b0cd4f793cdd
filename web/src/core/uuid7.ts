/** Milliseconds since 1970 and a source of random bytes enter from outside. */
export type Random = (bytes: Uint8Array<ArrayBuffer>) => void;

let last = 0;
let order = 0;

/**
 * A UUID of version 7 (RFC 9562). Ids made in one millisecond keep their order
 * by a counter in the bits after the version, so an outbox sorts by id.
 */
export function uuid7(now = Date.now(), random: Random = (b) => crypto.getRandomValues(b)): string {
  const b = new Uint8Array(16);
  random(b);
  if (now > last) {
    last = now;
    order = (b[6] ?? 0) & 0x07;
  } else order++;
  // A clock set back, or 4,096 ids in a millisecond, borrow from the future.
  if (order > 0xfff) {
    last++;
    order = 0;
  }
  for (let i = 0; i < 6; i++) b[i] = Math.floor(last / 2 ** (8 * (5 - i))) & 0xff;
  b[6] = 0x70 | (order >> 8);
  b[7] = order & 0xff;
  b[8] = 0x80 | ((b[8] ?? 0) & 0x3f);
  const hex = Array.from(b, (x) => x.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
