import { Tuple } from '../tuple.js';

// Classes for what Python tells apart and JavaScript does not.

/** Python's `torch.Size`. */
export class Size extends Tuple<number> {
  static override from<T>(items: Iterable<T> | ArrayLike<T>): Tuple<T> {
    const size = new Size() as unknown as Tuple<T>;
    for (const item of Array.from(items)) size.push(item);
    return size;
  }
}

/** Python's `collections.Counter`. */
export class Counter extends Map<unknown, unknown> {}

/** Python's `collections.defaultdict`. Saved as a dict, since `weights_only` does not know it. */
export class DefaultDict extends Map<unknown, unknown> {
  /** The name of the class that makes missing values, such as `builtins.list`; null: none. */
  defaultFactory: string | null = null;
}

/** Python's `frozenset`. Saved as a set, since `weights_only` does not know it. */
export class FrozenSet extends Set<unknown> {}

/** Python's `bytearray`; `bytes` are a plain Uint8Array. */
export class ByteArray extends Uint8Array {}
