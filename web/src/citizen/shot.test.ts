import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { placeIn, shotAt } from './shot';

/** A JPEG's beginning with a position in degrees, minutes and hundredths of seconds. */
function jpeg(lon: number, lat: number, le: boolean): Uint8Array {
  const b = new DataView(new ArrayBuffer(164));
  const entry = (at: number, tag: number, kind: number, count: number, value: number) => {
    b.setUint16(at, tag, le);
    b.setUint16(at + 2, kind, le);
    b.setUint32(at + 4, count, le);
    b.setUint32(at + 8, value, le);
  };
  const t = 12; // where the directory's own numbers begin
  b.setUint32(0, 0xffd8ffe1);
  b.setUint16(4, 160);
  b.setUint32(6, 0x45786966);
  b.setUint16(t, le ? 0x4949 : 0x4d4d);
  b.setUint16(t + 2, 42, le);
  b.setUint32(t + 4, 8, le);
  b.setUint16(t + 8, 1, le);
  entry(t + 10, 0x8825, 4, 1, 26);
  b.setUint16(t + 26, 4, le);
  entry(t + 28, 1, 2, 2, 0);
  b.setUint8(t + 36, (lat < 0 ? 'S' : 'N').charCodeAt(0));
  entry(t + 40, 2, 5, 3, 80);
  entry(t + 52, 3, 2, 2, 0);
  b.setUint8(t + 60, (lon < 0 ? 'W' : 'E').charCodeAt(0));
  entry(t + 64, 4, 5, 3, 104);
  for (const [at, n] of [
    [80, Math.abs(lat)],
    [104, Math.abs(lon)],
  ] as const) {
    const whole = Math.floor(n);
    const seconds = Math.round((n - whole) * 3600 * 1e4);
    [whole, 1, 0, 1, seconds, 1e4].forEach((x, i) => {
      b.setUint32(t + at + i * 4, x, le);
    });
  }
  return new Uint8Array(b.buffer);
}

const view = (b: Uint8Array) => new DataView(b.buffer, b.byteOffset, b.byteLength);

let seed = 11;
const random = () => {
  seed = (seed * 16807) % 2147483647;
  return seed / 2147483647;
};

test('any position is read as it was written, in both orders of bytes', () => {
  for (let i = 0; i < 2000; i++) {
    const lon = random() * 360 - 180;
    const lat = random() * 180 - 90;
    const got = placeIn(view(jpeg(lon, lat, i % 2 === 0)));
    expect(got?.lon).toBeCloseTo(lon, 6);
    expect(got?.lat).toBeCloseTo(lat, 6);
  }
});

test('whatever bytes come, there is a place on earth or none, and an end', async () => {
  for (let i = 0; i < 20_000; i++) {
    const b = jpeg(8.9, 44.4, i % 2 === 0);
    for (let k = Math.floor(random() * 12); k >= 0; k--) {
      b[Math.floor(random() * b.length)] = Math.floor(random() * 256);
    }
    const cut = b.slice(0, random() < 0.3 ? Math.floor(random() * b.length) : b.length);
    const p = await shotAt(new Blob([cut]));
    if (p) expect(Math.abs(p.lon) <= 180 && Math.abs(p.lat) <= 90).toBe(true);
  }
});

test('what is no photo has no place', async () => {
  for (const s of ['', 'x', '%PDF-1.4', '\xff\xd8', '<svg/>']) {
    expect(await shotAt(new Blob([s]))).toBeUndefined();
  }
});

const real = `${process.env.SEGNAVIA_DATA}/photos/exif/dsoprea__gps.jpg`;
test.skipIf(!existsSync(real))('a real photo', async () => {
  const p = await shotAt(new Blob([new Uint8Array(readFileSync(real))]));
  expect(p?.lon).toBeCloseTo(-80.0536, 3);
  expect(p?.lat).toBeCloseTo(26.5867, 3);
});
