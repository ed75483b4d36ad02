import { LimitExceededError } from './errors.js';
import { MOST_OBJECTS } from './limits.js';

/** The stack of the pickle machine; a MARK opens a new one on top. It counts the objects that pass over it. */
export class PickleStack {
  #items: unknown[] = [];
  readonly #below: unknown[][] = [];
  #objects = 0;

  push(value: unknown): void {
    if (typeof value === 'object') this.count();
    this.#items.push(value);
  }

  /** @throws LimitExceededError when there were more objects than the heap has room for */
  count(): void {
    this.#objects += 1;
    if (this.#objects <= MOST_OBJECTS) return;
    throw new LimitExceededError(
      `its pickle makes more than ${MOST_OBJECTS} objects, and the heap of JavaScript has no room for them. If you trust ` +
        'the file, give it more: node --max-old-space-size=<megabytes>',
    );
  }

  /** @throws TypeError when nothing is there since the last MARK */
  pop(): unknown {
    if (this.#items.length === 0) throw new TypeError('the stack is empty');
    return this.#items.pop();
  }

  /** The upper `count` values, lowest first, at the end of `items`. */
  popMany<T extends unknown[]>(count: number, items: T = [] as unknown[] as T): T {
    const left = this.#items.length - count;
    if (left < 0) throw new TypeError('the stack is empty');
    for (let at = left; at < left + count; at += 1) items.push(this.#items[at]);
    this.#items.length = left;
    return items;
  }

  top(): unknown {
    if (this.#items.length === 0) throw new TypeError('the stack is empty');
    return this.#items.at(-1);
  }

  replace(value: unknown): void {
    this.#items[this.#items.length - 1] = value;
  }

  mark(): void {
    this.count();
    this.#below.push(this.#items);
    this.#items = [];
  }

  /** All values since the last MARK. */
  popMark(): unknown[] {
    const below = this.#below.pop();
    if (below === undefined) throw new TypeError('there is no MARK');
    const items = this.#items;
    this.#items = below;
    return items;
  }
}
