import { expect, test } from 'vitest';
import { uuid7 } from './uuid7';

test('ids are of version 7, hold the time, and keep their order in one millisecond', () => {
  const now = Date.UTC(2035, 0, 1);
  const ids = Array.from({ length: 5000 }, () => uuid7(now));
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(Number.parseInt((ids[0] as string).replaceAll('-', '').slice(0, 12), 16)).toBe(now);
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});

test('a clock set back does not go back', () => {
  const now = Date.UTC(2036, 0, 1);
  expect(uuid7(now) < uuid7(now - 86_400_000)).toBe(true);
});
