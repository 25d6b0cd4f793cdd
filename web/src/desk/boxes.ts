import type { Box } from '../core/civic';

/** Rectangles over a photo, as fractions of its sides: left, top, width, height. */

/** The most that one photo carries: civic/photo.go. */
export const maxBoxes = 40;
/** Smaller ones are a slip of the hand. */
export const least = 0.01;

export type Point = { x: number; y: number };

const clamp = (n: number, low: number, high: number) => Math.min(high, Math.max(low, n));
/** On the grid that the town keeps, so that what comes back is what was sent. */
const grid = (n: number) => Math.round(n * 1e4) / 1e4;

/** The rectangle between two corners, within the photo. */
export function between(a: Point, b: Point): Box {
  const within = (n: number) => grid(clamp(n, 0, 1));
  const left = within(Math.min(a.x, b.x));
  const top = within(Math.min(a.y, b.y));
  return [
    left,
    top,
    grid(within(Math.max(a.x, b.x)) - left),
    grid(within(Math.max(a.y, b.y)) - top),
  ];
}

/** Large enough to be meant. */
export const meant = (b: Box): boolean => b[2] >= least && b[3] >= least;

/** The rectangle elsewhere, wholly within the photo. */
export const moved = ([x, y, w, h]: Box, dx: number, dy: number): Box => [
  grid(clamp(x + dx, 0, 1 - w)),
  grid(clamp(y + dy, 0, 1 - h)),
  w,
  h,
];

/** The rectangle larger or smaller; its left top corner stays. */
export const grown = ([x, y, w, h]: Box, dw: number, dh: number): Box => [
  x,
  y,
  grid(clamp(w + dw, least, 1 - x)),
  grid(clamp(h + dh, least, 1 - y)),
];

export const same = (a: readonly Box[], b: readonly Box[]): boolean =>
  JSON.stringify(a) === JSON.stringify(b);
