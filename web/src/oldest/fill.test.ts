import { expect, test } from 'vitest';
import { fillIn } from './fill';

type Root = Parameters<typeof fillIn>[0];
type Call = (...a: unknown[]) => unknown;

/** A browser that lacks all of it. */
function older() {
  const typed = {} as Record<string, Call>;
  const root = {
    Array: { prototype: {} },
    String: { prototype: {} },
    Uint8Array: { prototype: Object.create(typed) },
    Object: {},
    AbortSignal: { prototype: {} },
  };
  return { root: root as unknown as Root, typed };
}
/** A method, whatever it is called on. */
const of = (place: unknown, name: string) => {
  const method = (place as Record<string, Call>)[name] as Call;
  return (self: unknown, ...a: unknown[]) => method.apply(self, a);
};

/** Asks while the browser itself has none: what is filled in may not lean on it. */
function without<T>(name: 'hasOwn', ask: () => T): T {
  const own = Object[name];
  Reflect.deleteProperty(Object, name);
  try {
    return ask();
  } finally {
    Object.defineProperty(Object, name, { value: own, writable: true, configurable: true });
  }
}

const ended = new AbortController();
ended.abort();

test.each([0, 1, -1, -2, -3, 2, 1.9, -1.9, Number.NaN, undefined])('at(%s)', (i) => {
  const { root, typed } = older();
  fillIn(root);
  const n = i as number;
  expect(of(root.Array.prototype, 'at')([1, 2], i)).toBe([1, 2].at(n));
  expect(of(root.String.prototype, 'at')('ab', i)).toBe('ab'.at(n));
  expect(of(typed, 'at')(Uint8Array.of(7, 8), i)).toBe(Uint8Array.of(7, 8).at(n));
});

test('what is one’s own, and what has ended', () => {
  const { root } = older();
  fillIn(root);
  const has = root.Object.hasOwn;
  const heir = Object.assign(Object.create({ a: 1 }), { b: 1 });
  for (const key of ['a', 'b', 'toString']) {
    expect(
      without('hasOwn', () => has(heir, key)),
      key,
    ).toBe(Object.hasOwn(heir, key));
  }
  const end = of(root.AbortSignal.prototype, 'throwIfAborted');
  expect(() => end(new AbortController().signal)).not.toThrow();
  expect(() => end(ended.signal)).toThrow(ended.signal.reason);
  expect(() => end({ aborted: true })).toThrow(DOMException);
});

test('what is there stays, and what is filled in is not listed', () => {
  const { root } = older();
  const own = () => 'own';
  Object.assign(root.Array.prototype, { at: own });
  fillIn(root);
  expect(root.Array.prototype.at).toBe(own);
  expect(Object.keys(root.Object)).toEqual([]);
});
