import { expect, test } from 'vitest';
import { copy } from './copy';

test('a copy is equal and shares nothing', () => {
  const value = { a: [1, { b: null, c: '' }], d: { e: false }, f: undefined };
  const twin = copy(value);
  expect(twin).toStrictEqual(value);
  expect(twin.a).not.toBe(value.a);
  expect(twin.a[1]).not.toBe(value.a[1]);
  expect(twin.d).not.toBe(value.d);
});
