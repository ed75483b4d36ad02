import { UnsupportedCheckpointError } from './errors.js';
import { CopyBudget } from './limits.js';
import { PickleCalls } from './pickle-call.js';
import type { PickleCursor } from './pickle-cursor.js';
import { Failures } from './pickle-failures.js';
import type { FindGlobal } from './pickle-globals.js';
import { ItemPlacer } from './pickle-items.js';
import { PickleStack } from './pickle-stack.js';
import { build } from './pickle-state.js';
import { awaitsState } from './unbuilt.js';

/** Finds the object that a persistent id stands for. */
export type LoadPersistent = (id: unknown) => unknown;

/** What the opcodes of a pickle work on: its bytes, the stack, the memo. Throws TypeError on values of the wrong kind. */
export class PickleMachine {
  readonly cursor: PickleCursor;
  readonly findGlobal: FindGlobal;
  readonly stack = new PickleStack();
  readonly failures = new Failures();
  readonly items = new ItemPlacer(this.failures);
  readonly #loadPersistent: LoadPersistent;
  readonly #memo = new Map<number, unknown>();
  /** Where in the memo objects are that BUILD may put another in the place of. */
  readonly #unbuilt = new Map<unknown, number>();
  readonly #budget: CopyBudget;
  readonly #calls: PickleCalls;

  constructor(cursor: PickleCursor, loadPersistent: LoadPersistent, find: FindGlobal) {
    this.cursor = cursor;
    this.findGlobal = find;
    this.#loadPersistent = loadPersistent;
    this.#budget = new CopyBudget(cursor.size);
    this.#calls = new PickleCalls(this.failures, this.#budget);
  }

  requireProtocol(version: number): void {
    if (version >= 2 && version <= 5) return;
    throw new UnsupportedCheckpointError(`it is a pickle of protocol ${version}; 2 to 5 can be read`);
  }

  /** Stores the top of the stack; without an index, under the next one. */
  remember(index: number = this.#memo.size): void {
    const value = this.stack.top();
    this.stack.count();
    this.#memo.set(index, value);
    if (awaitsState(value)) this.#unbuilt.set(value, index);
  }

  recall(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) throw new TypeError(`nothing was stored under ${index}`);
    this.stack.push(value);
  }

  /** Puts what is above the last MARK into a new container, which takes its place. */
  gather<T>(container: T, put: (this: ItemPlacer, target: T, items: readonly unknown[]) => void): void {
    put.call(this.items, container, this.stack.popMark());
    this.stack.push(container);
  }

  /** Puts items into the container below them. What stands for a value that failed takes everything and keeps nothing. */
  put(
    items: readonly unknown[],
    put: (this: ItemPlacer, target: unknown, items: readonly unknown[]) => void,
  ): void {
    const target = this.stack.top();
    if (this.failures.of(target) !== target) put.call(this.items, target, items);
  }

  global(module: unknown, name: unknown): void {
    if (typeof module !== 'string' || typeof name !== 'string') throw new TypeError('it is not a name');
    this.stack.push(this.findGlobal(module, name));
  }

  call(callee: unknown, args: unknown): void {
    this.stack.push(this.#calls.call(callee, args));
  }

  build(state: unknown): void {
    const target = this.stack.top();
    if (this.failures.of(target) === target) return;
    this.failures.placed(target, '__dict__', state);
    if (this.failures.of(state) !== undefined) return;
    if (Array.isArray(state)) this.#budget.spend(state);
    const built = this.#calls.attempt(() => build(target, state));
    if (built !== target) this.#replace(target, built);
    this.#unbuilt.delete(target);
  }

  #replace(target: unknown, built: unknown): void {
    this.stack.replace(built);
    const index = this.#unbuilt.get(target);
    if (index !== undefined) this.#memo.set(index, built);
  }

  /** After a failure nothing is read from the file that would not be given back. */
  persistent(id: unknown): void {
    const { first } = this.failures;
    this.stack.push(first ?? this.#calls.attempt(() => this.#loadPersistent(id)));
  }
}
