import { afterEach, expect, test } from 'vitest';
import type { Service } from '../core/civic';
import { lang } from '../text/catalogue';
import { serviceName, titleOf } from './service';

const was = lang.value;
afterEach(() => {
  lang.value = was;
});

test('a kind of problem has a name in the language that is read', () => {
  const hole = { id: 'x', name: 'Buca', names: { en: 'Pothole' } } as unknown as Service;
  lang.value = 'en';
  expect(serviceName(hole)).toBe('Pothole');
  expect(serviceName({ id: 'x', name: 'Buca' } as unknown as Service)).toBe('Buca');
  expect(serviceName(undefined)).toBeUndefined();
  expect(titleOf({ id: 'r', rev: 1, title: 'Buca, Via Balbi' }, hole)).toBe('Pothole, Via Balbi');
  expect(titleOf({ id: 'r', rev: 1, title: 'Buca enorme' }, hole)).toBe('Buca enorme');
  expect(titleOf({ id: 'r', rev: 1 }, hole)).toBe('Pothole');
  lang.value = 'it';
  expect(serviceName(hole)).toBe('Buca');
});
