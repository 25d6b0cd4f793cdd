import { expect, test } from 'vitest';
import type { Item } from './outbox';
import { open, type Parcel, ParcelError, pack } from './parcel';
import { edit, reportId } from './testing/fixtures';

const bytes = new Uint8Array(5000).map((_, i) => i * 7);
const mine = { user: { id: 'u1' }, jurisdiction: { id: 't1' } };

async function parcel(): Promise<Parcel> {
  const hash = await crypto.subtle.digest('SHA-256', bytes);
  const sha256 = Buffer.from(hash).toString('hex');
  const one = edit(reportId(1), 'note', { text: 'Palo è già a posto\ncosì' });
  const two = edit(reportId(1), 'attach', { sha256 });
  const item = (e: typeof one, seq: number): Item => ({ seq, edit: e, label: 'GE1', epoch: 'e1' });
  return {
    town: { id: 't1', name: 'Genova' },
    user: { id: 'u1', name: 'Bruno' },
    made: '2027-03-01T08:00:00Z',
    items: [item(one, 1), item(two, 2)],
    pictures: [
      {
        sha256,
        report: reportId(1),
        edit: two.id,
        blob: new Blob([bytes], { type: 'image/jpeg' }),
        stage: 'after',
        at: 7,
      },
    ],
  };
}

test('what was packed is opened as it was, pictures too', async () => {
  const sent = await parcel();
  const got = await open(await pack(sent), mine);
  expect(got.items).toEqual(sent.items);
  const picture = got.pictures[0];
  expect(picture).toMatchObject({ stage: 'after', at: 7, report: reportId(1) });
  expect(picture?.blob.type).toBe('image/jpeg');
  expect(new Uint8Array((await picture?.blob.arrayBuffer()) as ArrayBuffer)).toEqual(bytes);
});

test('a file with one byte changed, anywhere, or cut short, is not taken', async () => {
  const whole = new Uint8Array(await (await pack(await parcel())).arrayBuffer());
  for (let at = 0; at < whole.length; at += 97) {
    const bad = whole.slice();
    bad[at] = (bad[at] ?? 0) ^ 1;
    await expect(open(new Blob([bad]), mine), `byte ${at}`).rejects.toBeInstanceOf(ParcelError);
  }
  for (const end of [0, 5, 400, whole.length - 1]) {
    const cut = open(new Blob([whole.slice(0, end)]), mine);
    await expect(cut, `cut at ${end}`).rejects.toBeInstanceOf(ParcelError);
  }
});

test('a file of another town or person is named and not taken', async () => {
  const file = await pack(await parcel());
  await expect(open(file, { ...mine, jurisdiction: { id: 't2' } })).rejects.toMatchObject({
    code: 'other_town',
    whose: 'Genova',
  });
  await expect(open(file, { ...mine, user: { id: 'u2' } })).rejects.toMatchObject({
    code: 'other_person',
    whose: 'Bruno',
  });
});
