import { beforeEach, expect, test, vi } from 'vitest';
import { draftOf, keepDraft, words } from './begun';

let kept: Record<string, string>;
let full: boolean;

beforeEach(() => {
  kept = {};
  full = false;
  const store = {
    getItem: (key: string) => kept[key] ?? null,
    setItem: (key: string, value: string) => {
      if (full) throw new DOMException('', 'QuotaExceededError');
      kept[key] = value;
    },
    removeItem: (key: string) => {
      delete kept[key];
    },
  };
  const own = {
    ownKeys: () => Object.keys(kept),
    getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
  };
  vi.stubGlobal('localStorage', new Proxy(store, own));
});

test('words that come back stand beside what was begun since, once', () => {
  keepDraft('r1', 'Ho visto');
  const away = words.kept();
  expect(away).toEqual({ r1: 'Ho visto' });
  words.forget();
  expect(words.kept()).toEqual({});
  keepDraft('r1', 'Altro');
  expect([words.keep(away), words.keep(away)]).toEqual([true, true]);
  expect(draftOf('r1')).toBe('Ho visto\n\nAltro');
});

test('words that find no room are said not to be kept, and what is no draft stays', () => {
  kept.theme = 'dark';
  full = true;
  expect(words.keep({ r1: 'Ho visto' })).toBe(false);
  words.forget();
  expect(kept).toEqual({ theme: 'dark' });
});
