/** What libraries and screens call and the oldest browsers lack, as ECMAScript 2022 and
 * the DOM standard define it. Imported before all else. */
type Root = Pick<typeof globalThis, 'Array' | 'String' | 'Uint8Array' | 'Object' | 'AbortSignal'>;

function at<T>(this: ArrayLike<T>, index: number): T | undefined {
  const i = Math.trunc(index) || 0;
  return this[i < 0 ? this.length + i : i];
}

const own = Object.prototype.hasOwnProperty;
const hasOwn = (of: object, key: PropertyKey) => own.call(of, key);

function throwIfAborted(this: AbortSignal) {
  if (this.aborted) throw this.reason ?? new DOMException('aborted', 'AbortError');
}

/** Leaves what is there. */
export function fillIn(root: Root) {
  const add = (target: object, name: string, value: (...a: never[]) => unknown) => {
    if (name in target) return;
    Object.defineProperty(target, name, { value, writable: true, configurable: true });
  };
  add(root.Array.prototype, 'at', at);
  add(root.String.prototype, 'at', at);
  add(Object.getPrototypeOf(root.Uint8Array.prototype), 'at', at);
  add(root.Object, 'hasOwn', hasOwn);
  add(root.AbortSignal.prototype, 'throwIfAborted', throwIfAborted);
}

fillIn(globalThis);
