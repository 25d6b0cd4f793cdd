import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { bytesToHeader } from 'pmtiles';
import { expect, test } from 'vitest';
import { type About, byRanges, type Disk, type DownloadError, fill, type Get } from './download';
import { headerOf } from './header';

const piece = 1000;
const content = new Uint8Array(4321).map((_, i) => i * i);
const sum = (b: Uint8Array) => createHash('sha256').update(b).digest('hex');
const about: About = {
  url: '/basemap.pmtiles',
  bytes: content.length,
  sha256: sum(content),
  piece,
  pieces: Array.from({ length: 5 }, (_, i) => sum(content.slice(i * piece, (i + 1) * piece))),
};

class Memory implements Disk {
  bytes = new Uint8Array(0);
  room = Number.POSITIVE_INFINITY;
  size = () => this.bytes.length;
  read(into: Uint8Array, at: number) {
    const part = this.bytes.subarray(at, at + into.length);
    into.set(part);
    return part.length;
  }
  write(bytes: Uint8Array, at: number) {
    if (at + bytes.length > this.room) throw new DOMException('full', 'QuotaExceededError');
    const next = new Uint8Array(Math.max(this.bytes.length, at + bytes.length));
    next.set(this.bytes);
    next.set(bytes, at);
    this.bytes = next;
  }
  truncate(bytes: number) {
    this.bytes = this.bytes.slice(0, bytes);
  }
  flush() {}
}

const now = async () => {};
const whole: Get = async (_, from, to) => content.slice(from, to);

test('a file is filled piece by piece, and what is there already is not fetched', async () => {
  const disk = new Memory();
  const told: number[] = [];
  await fill(disk, about, whole, (n) => told.push(n));
  expect(disk.bytes).toEqual(content);
  expect(told).toEqual([1000, 2000, 3000, 4000, 4321]);
  await fill(
    disk,
    about,
    () => Promise.reject(new Error('not again')),
    () => {},
    () => false,
    now,
  );
});

test('whatever was left there, of whatever version, it ends as the town says', async () => {
  for (const left of [0, 1, 999, 1000, 2500, 4321, 9000]) {
    const disk = new Memory();
    disk.bytes = new Uint8Array(left).map((_, i) => (i < 1500 ? (content[i] ?? 0) : 255));
    let fetched = 0;
    const counting: Get = (...a) => {
      fetched++;
      return whole(...a);
    };
    await fill(disk, about, counting, () => {});
    expect(disk.bytes, `left ${left}`).toEqual(content);
    expect(fetched, `left ${left}`).toBe(left >= 1000 ? 4 : 5);
  }
});

test('a network that breaks and bytes that lie are tried again, and at last said', async () => {
  const disk = new Memory();
  let n = 0;
  const bad: Get = async (_, from, to) => {
    n++;
    if (n % 3 === 1) throw new TypeError('network');
    if (n % 3 === 2) return content.slice(from, to).reverse();
    return content.slice(from, to);
  };
  await fill(
    disk,
    about,
    bad,
    () => {},
    () => false,
    now,
  );
  expect(disk.bytes).toEqual(content);
  const trouble = async (get: Get, d = new Memory()) =>
    fill(
      d,
      about,
      get,
      () => {},
      () => false,
      now,
    ).then(
      () => 'none',
      (e: DownloadError & DOMException) => e.trouble ?? e.name,
    );
  expect(await trouble(async () => Promise.reject(new TypeError('network')))).toBe('network');
  expect(await trouble(async (_, f, t) => new Uint8Array(t - f))).toBe('damaged');
  const small = new Memory();
  small.room = 2500;
  expect(await trouble(whole, small)).toBe('QuotaExceededError');
  expect(small.bytes.length).toBe(2000);
});

test('another version of the file is never mixed into it', async () => {
  const answer = (status: number) =>
    byRanges((async () => new Response(content.slice(0, 1000), { status })) as typeof fetch);
  await expect(answer(200)(about, 0, 1000)).rejects.toMatchObject({ trouble: 'changed' });
  await expect(answer(503)(about, 0, 1000)).rejects.toMatchObject({ trouble: 'network' });
  expect(await answer(206)(about, 0, 1000)).toHaveLength(1000);
  let asked: Headers | undefined;
  const spy = (async (_: unknown, init?: RequestInit) => {
    asked = new Headers(init?.headers);
    return new Response(content.slice(0, 10), { status: 206 });
  }) as typeof fetch;
  await byRanges(spy)(about, 10, 20);
  expect(asked?.get('range')).toBe('bytes=10-19');
  expect(asked?.get('if-range')).toBe(`"${about.sha256}"`);
});

const path = `${process.env.SEGNAVIA_DATA}/geo/firenze_protomaps_v3.pmtiles`;
test.skipIf(!existsSync(path))('the header of a real map is read as its makers read it', () => {
  const file = readFileSync(path);
  const head = new Uint8Array(file.subarray(0, 127));
  const theirs = bytesToHeader(head.slice().buffer);
  expect(headerOf(head, file.length)).toEqual({
    bounds: [theirs.minLon, theirs.minLat, theirs.maxLon, theirs.maxLat],
    maxZoom: theirs.maxZoom,
  });
  expect(() => headerOf(head, file.length - 1)).toThrow();
  for (const at of [0, 6, 7, 99]) {
    const bad = head.slice();
    bad[at] = (bad[at] ?? 0) ^ 0x40;
    expect(() => headerOf(bad, file.length), `byte ${at}`).toThrow();
  }
});
