import { expect, test } from 'vitest';
import { merge } from './patch';

// The examples of RFC 7396, appendix A.
test.each([
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [
    ['a', 'b'],
    ['c', 'd'],
    ['c', 'd'],
  ],
  [{ a: 'b' }, ['c'], ['c']],
  [{ a: 'foo' }, null, null],
  [{ a: 'foo' }, 'bar', 'bar'],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
])('%j with %j is %j', (target, patch, want) => {
  expect(merge(target, patch)).toEqual(want);
});

test('a patch leaves its arguments alone and never touches a prototype', () => {
  const target = { a: { b: 1 } };
  merge(target, { a: { b: 2 } });
  expect(target).toEqual({ a: { b: 1 } });
  const out = merge({}, JSON.parse('{"__proto__":{"hurt":true}}')) as object;
  expect(({} as Record<string, unknown>).hurt).toBeUndefined();
  expect(Object.keys(out)).toEqual(['__proto__']);
});
