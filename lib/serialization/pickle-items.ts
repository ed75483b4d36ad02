import { TorchFloat } from '../scalar.js';
import { Tuple } from '../tuple.js';
import { noteFloat } from './float-entries.js';
import { Failure, type Failures } from './pickle-failures.js';
import { FrozenSet } from './python-values.js';
import { UnknownObject } from './unknown.js';

/**
 * Fills containers from the stack. On the stack an integral float is a TorchFloat; in a container it is a number, noted
 * to be a float.
 */
export class ItemPlacer {
  readonly #failures: Failures;

  constructor(failures: Failures) {
    this.#failures = failures;
  }

  /** Makes `items`, fresh from the stack, the contents of a list or tuple. */
  settle<T extends unknown[]>(items: T): T {
    for (let i = 0; i < items.length; i += 1) items[i] = this.#placed(items, i, items[i]);
    return items;
  }

  append(target: unknown, items: readonly unknown[]): void {
    const list = target instanceof UnknownObject ? target.items : target;
    if (!Array.isArray(list) || list instanceof Tuple)
      throw new TypeError('it is not a list that is appended to');
    for (const item of items) list.push(this.#placed(list, list.length, item));
  }

  add(target: unknown, items: readonly unknown[]): void {
    if (target instanceof UnknownObject) {
      this.append(target, items);
      return;
    }
    if (!(target instanceof Set)) throw new TypeError('it is not a set that is added to');
    for (const item of items) {
      const element = keyOf(item);
      target.add(this.#placed(target, element, item));
    }
  }

  /** `items` are keys and values in turn. */
  set(target: unknown, items: readonly unknown[]): void {
    const dict = target instanceof UnknownObject ? target.entries : target;
    if (!(dict instanceof Map)) throw new TypeError('it is not a dict whose items are set');
    if (items.length % 2 !== 0) throw new TypeError('a key has no value');
    for (let i = 0; i < items.length; i += 2) {
      const key = keyOf(items[i]);
      dict.set(key, this.#placed(dict, key, items[i + 1]));
    }
  }

  #placed(container: object, key: unknown, value: unknown): unknown {
    if (value instanceof TorchFloat) {
      noteFloat(container, key, value.value);
      return value.value;
    }
    this.#failures.placed(container, key, value);
    return value;
  }
}

function keyOf(value: unknown): unknown {
  if (value instanceof TorchFloat) return value.value;
  if (value instanceof Failure) throw value.error;
  const isMutable =
    (Array.isArray(value) && !(value instanceof Tuple)) ||
    value instanceof Map ||
    (value instanceof Set && !(value instanceof FrozenSet));
  if (isMutable) throw new TypeError('a list, dict or set cannot be a key');
  return value;
}
