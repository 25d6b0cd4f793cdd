import { expect, test } from 'vitest';
import type { Box } from '../core/civic';
import { between, grown, meant, moved, same } from './boxes';

const inside = ([x, y, w, h]: Box) =>
  x >= 0 && y >= 0 && w >= 0 && h >= 0 && x + w <= 1 + 1e-9 && y + h <= 1 + 1e-9;

test('a rectangle is drawn from any corner to any other', () => {
  const want = [0.2, 0.3, 0.4, 0.5];
  expect(between({ x: 0.2, y: 0.3 }, { x: 0.6, y: 0.8 })).toEqual(want);
  expect(between({ x: 0.6, y: 0.8 }, { x: 0.2, y: 0.3 })).toEqual(want);
  expect(between({ x: 0.6, y: 0.3 }, { x: 0.2, y: 0.8 })).toEqual(want);
});

test('whatever the hand does, a rectangle stays within the photo', () => {
  let seed = 7;
  const random = () => {
    seed = (seed * 16807) % 2147483647;
    return (seed / 2147483647) * 3 - 1;
  };
  for (let i = 0; i < 5000; i++) {
    let b = between({ x: random(), y: random() }, { x: random(), y: random() });
    expect(inside(b), `${b}`).toBe(true);
    if (!meant(b)) continue;
    b = moved(b, random(), random());
    expect(inside(b), `${b}`).toBe(true);
    b = grown(b, random(), random());
    expect(inside(b) && meant(b), `${b}`).toBe(true);
  }
});

test('a slip of the hand is no rectangle', () => {
  expect(meant(between({ x: 0.2, y: 0.2 }, { x: 0.205, y: 0.9 }))).toBe(false);
});

test('what comes back from the town is what was sent', () => {
  const b = between({ x: 1 / 3, y: 1 / 7 }, { x: 2 / 3, y: 6 / 7 });
  for (const n of b) expect(Math.abs(n * 1e4 - Math.round(n * 1e4))).toBeLessThan(1e-6);
  expect(same([b], JSON.parse(JSON.stringify([b])))).toBe(true);
});
