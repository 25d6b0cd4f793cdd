import { expect, test } from 'vitest';
import { add, bucketOf, empty, format, sub, sumOf } from './checksum';

const id = '01890a5d-ac96-774b-bcce-b302099a8057';

test('the vectors of the protocol', () => {
  expect(format(empty)).toBe('0000000000000000');
  expect(format(sumOf(id, 1))).toBe('c3d68820ab80ad25');
  expect(format(sumOf(id, 300))).toBe('b2d42ec6ac82ed4f');
  const both = add(sumOf(id, 1), sumOf(id, 300));
  expect(format(both)).toBe('76aab6e658039a74');
  expect(format(sub(both, sumOf(id, 300)))).toBe('c3d68820ab80ad25');
});

test('the bucket is the first byte of the id', () => {
  expect(bucketOf(id)).toBe(1);
  expect(bucketOf(`ff${id.slice(2)}`)).toBe(255);
});
