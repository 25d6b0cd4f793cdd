import { readdirSync, readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { choose, maybe, speak, t } from './catalogue';
import { bring } from './desk';

const read = (l: string, f: string) =>
  JSON.parse(readFileSync(new URL(`../../../text/${l}/${f}`, import.meta.url), 'utf8'));
const mine = readdirSync(new URL('../../../text/it/', import.meta.url)).filter((f) =>
  /^(core|crew|desk)\.json$/.test(f),
);

test.each(mine)('%s has the same keys, names and plurals in both languages', (file) => {
  const it = read('it', file);
  const en = read('en', file);
  expect(Object.keys(en)).toEqual(Object.keys(it));
  const names = (v: unknown) => [...new Set(JSON.stringify(v).match(/\{\w+\}/g) ?? [])].sort();
  for (const key of Object.keys(it)) {
    expect(names(en[key]), key).toEqual(names(it[key]));
    expect(typeof en[key], key).toBe(typeof it[key]);
  }
});

test('sentences are filled and plurals chosen', async () => {
  vi.stubGlobal('localStorage', { setItem() {}, getItem: () => null });
  await speak(bring);
  await choose('it');
  expect(t('crew.today.count', { n: 1 })).toBe('Un lavoro da fare');
  expect(t('crew.today.count', { n: 4 })).toBe('4 lavori da fare');
  await choose('en');
  expect(t('core.status.new')).toBe('New');
  expect(maybe('core.status.none')).toBeUndefined();
});
