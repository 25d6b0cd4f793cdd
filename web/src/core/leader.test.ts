import { expect, test } from 'vitest';
import { leader } from './leader';

/** Web Locks of one name, as far as a leader needs them. */
function fakeLocks() {
  const queue: (() => Promise<void>)[] = [];
  let busy = false;
  const next = () => {
    const run = queue.shift();
    if (!run) return;
    busy = true;
    void run().then(() => {
      busy = false;
      next();
    });
  };
  return {
    request: async (_: string, __: unknown, run: () => Promise<void>) => {
      queue.push(run);
      if (!busy) next();
    },
  } as unknown as LockManager;
}

test('one tab leads, and the next one when it resigns', async () => {
  const locks = fakeLocks();
  const led: string[] = [];
  const resign = leader('x', () => led.push('a'), locks);
  leader('x', () => led.push('b'), locks);
  await Promise.resolve();
  expect(led).toEqual(['a']);
  resign();
  await new Promise((r) => setTimeout(r));
  expect(led).toEqual(['a', 'b']);
});

test('without Web Locks every tab leads', () => {
  let led = 0;
  leader('x', () => led++, undefined);
  expect(led).toBe(1);
});
