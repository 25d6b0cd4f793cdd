import 'fake-indexeddb/auto';
import { beforeEach, expect, test, vi } from 'vitest';
import { Pictures } from './pictures';
import { type Picture, Store } from './store';
import type { Job, Outcome } from './tus';

let store: Store;
let here: Set<string>;
let jobs: Job[];
let order: string[];
let down: boolean;
let answer: (job: Job) => Outcome;
let moved: ReturnType<typeof vi.fn<() => void>>;
const day = 24 * 3600 * 1000;

beforeEach(async () => {
  store = await Store.open(`pictures-${Math.random()}`);
  here = new Set();
  jobs = [];
  order = [];
  down = false;
  answer = () => 'done';
  moved = vi.fn<() => void>();
});

const sender = () =>
  new Pictures(
    'http://town',
    store,
    { token: () => 'token', changed: () => {}, moved },
    async (url, init) => {
      if (init?.method === 'PUT') {
        if (down) throw new TypeError('no network');
        order.push(`preview ${String(url).slice(-'a/preview'.length)[0]}`);
        return new Response(null, { status: 204 });
      }
      return new Response(null, { status: here.has(String(url).slice(-64)) ? 200 : 404 });
    },
    async (job) => {
      order.push(`picture ${job.sha256[0]}`);
      jobs.push(job);
      return answer(job);
    },
    async (blob) => new Blob([blob.slice(0, 10)], { type: 'image/jpeg' }),
  );

const name = (c: string) => c.repeat(64);
const keep = (c: string, at: number, more: Partial<Picture> = {}) =>
  store.adopt(
    [],
    [
      {
        sha256: name(c),
        report: `report-${c}`,
        edit: `edit-${c}`,
        blob: new Blob([c]),
        stage: 'after',
        at,
        ...more,
      },
    ],
  );
const all = () => true;

test('pictures leave after their edit, the oldest first, and are kept for a week', async () => {
  await keep('b', 2);
  await keep('a', 1);
  await keep('c', 3);
  await sender().send((edit) => edit !== 'edit-c', 1000);
  expect(jobs.map((j) => j.sha256)).toEqual([name('a'), name('b')]);
  expect((await store.picture(name('c')))?.sent).toBeUndefined();
  await sender().send(all, 1000 + 7 * day);
  expect(jobs).toHaveLength(3);
  expect(await store.picture(name('a'))).toBeDefined();
  await sender().send(all, 1001 + 7 * day);
  expect(await store.picture(name('a'))).toBeUndefined();
  expect(await store.picture(name('c'))).toBeDefined();
});

test('bytes that the town has are not sent again', async () => {
  await keep('a', 1);
  here.add(name('a'));
  await sender().send(all, 5);
  expect(jobs).toEqual([]);
  expect((await store.picture(name('a')))?.sent).toBe(5);
});

test('a place that was begun is kept and taken up by the next try', async () => {
  await keep('a', 1);
  await keep('b', 2);
  answer = (job) => {
    job.began('http://town/media/uploads/1');
    return 'later';
  };
  await sender().send(all, 5);
  expect(jobs).toHaveLength(1); // the network is not up to the second either
  answer = () => 'done';
  await sender().send(all, 6);
  expect(jobs[1]?.url).toBe('http://town/media/uploads/1');
  expect(await store.picture(name('a'))).toMatchObject({ sent: 6 });
  expect((await store.picture(name('a')))?.upload).toBeUndefined();
});

test('a refusal holds nothing up; bytes that break three times are told', async () => {
  await keep('a', 1);
  await keep('b', 2);
  answer = (job) => (job.sha256 === name('a') ? { refused: 'photo_type' } : 'broken');
  for (let i = 0; i < 4; i++) await sender().send(all, i);
  expect((await store.picture(name('a')))?.refused).toBe('photo_type');
  expect(await store.picture(name('b'))).toMatchObject({ refused: 'checksum', broken: 3 });
  expect(jobs).toHaveLength(4);
});

test('it tells which picture is on its way and how far it is', async () => {
  await keep('a', 1);
  await keep('b', 2, { blob: new Blob(['1234567890']) });
  const pictures = sender();
  const seen: string[] = [];
  moved.mockImplementation(() => {
    const p = pictures.progress;
    if (p) seen.push(`${p.n} of ${p.of}, ${p.part}`);
  });
  answer = (job) => {
    job.moved(job.blob.size * 0.4);
    return 'done';
  };
  await pictures.send(all, 5);
  expect(seen).toEqual(['1 of 2, 0.4', '2 of 2, 0.4']);
  expect(pictures.progress).toBeUndefined();
});

test('a picture that a person has given up meanwhile does not come back', async () => {
  await keep('a', 1);
  answer = () => 'done';
  const pictures = sender();
  const forget = store.forgetPicture(name('a'));
  await Promise.all([pictures.send(all, 5), forget]);
  expect(await store.picture(name('a'))).toBeUndefined();
});

test('a picture that goes while it is on its way does not come back by what the way tells', async () => {
  await keep('a', 1, { blob: new Blob(['a'.repeat(100_000)], { type: 'image/jpeg' }) });
  const gone: Promise<void>[] = [];
  answer = (job) => {
    gone.push(store.forgetPicture(name('a')));
    job.began('http://town/media/uploads/1');
    return 'done';
  };
  await sender().send(all, 5);
  await Promise.all(gone);
  expect(await store.pictures()).toEqual([]);
});

test('previews go ahead of all pictures, once, and never hold one up for long', async () => {
  const large = (c: string, type = 'image/jpeg') => ({
    blob: new Blob([c.repeat(100_000)], { type }),
  });
  await keep('a', 1, large('a'));
  await keep('b', 2, large('b'));
  await keep('c', 3); // small enough to be its own
  await keep('d', 4, large('d', 'application/pdf'));
  down = true;
  await sender().send(all, 5);
  expect(order).toEqual([]);
  down = false;
  answer = (job) => (job.sha256 === name('b') ? 'later' : 'done');
  await sender().send(all, 6);
  expect(order).toEqual(['preview a', 'preview b', 'picture a', 'picture b']);
  answer = () => 'done';
  order = [];
  await sender().send(all, 7);
  expect(order).toEqual(['picture b', 'picture c', 'picture d']);
});
