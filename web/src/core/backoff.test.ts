import { expect, test } from 'vitest';
import { backoff } from './backoff';

test('waits stay between half a second and thirty, with full jitter', () => {
  for (let attempt = 0; attempt < 40; attempt++) {
    expect(backoff(attempt, 0)).toBe(500);
    expect(backoff(attempt, 0.999999)).toBeLessThanOrEqual(30_000);
  }
  expect(backoff(10, 0.999999)).toBeGreaterThan(29_000);
  expect(backoff(1, 0.5)).toBe(750);
});
