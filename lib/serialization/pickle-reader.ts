import { TorchFloat } from '../scalar.js';
import { Tuple } from '../tuple.js';
import { BadPickleError, UnsupportedCheckpointError } from './errors.js';
import { CopyBudget } from './limits.js';
import { OP } from './opcodes.js';
import { PickleCalls } from './pickle-call.js';
import { PickleCursor, PickleEnd } from './pickle-cursor.js';
import { Failures } from './pickle-failures.js';
import { type FindGlobal, findGlobal } from './pickle-globals.js';
import { ItemPlacer } from './pickle-items.js';
import { readLiteral } from './pickle-literals.js';
import { PickleStack } from './pickle-stack.js';
import { build } from './pickle-state.js';
import { FrozenSet } from './python-values.js';

/** Finds the object that a persistent id stands for. */
export type LoadPersistent = (id: unknown) => unknown;

const OP_NAMES = new Map<number, string>(Object.entries(OP).map(([name, code]) => [code, name]));

/**
 * Reads a pickle of protocol 2 to 5. A dict becomes a Map, a tuple a {@link Tuple}, a list an array, an int a number
 * or, beyond 2^53, a BigInt. It is a loop over a stack of its own, so depth costs nothing, and a name in the file
 * leads only to what `findGlobal` knows.
 */
export class PickleReader {
  readonly #in: PickleCursor;
  readonly #loadPersistent: LoadPersistent;
  readonly #findGlobal: FindGlobal;
  readonly #stack = new PickleStack();
  readonly #memo = new Map<number, unknown>();
  readonly #failures = new Failures();
  readonly #items = new ItemPlacer(this.#failures);
  readonly #calls: PickleCalls;
  readonly #budget: CopyBudget;

  /** @param source the pickle, or a cursor at its beginning; it is left behind its end */
  constructor(
    source: Uint8Array | PickleCursor,
    loadPersistent: LoadPersistent,
    find: FindGlobal = findGlobal,
  ) {
    this.#in = source instanceof PickleCursor ? source : new PickleCursor(source);
    this.#loadPersistent = loadPersistent;
    this.#findGlobal = find;
    this.#budget = new CopyBudget(this.#in.size);
    this.#calls = new PickleCalls(this.#failures, this.#budget);
  }

  /**
   * The one value of the pickle; what follows it is ignored, as in Python.
   *
   * @throws BadPickleError when the bytes are no pickle
   * @throws ForbiddenGlobalError when they name anything that is not on the list
   */
  read(): unknown {
    for (;;) {
      const start = this.#in.offset;
      let op: number | undefined;
      try {
        op = this.#in.byte();
        if (op === OP.STOP) return this.#finish(this.#stack.pop());
        if (!this.#step(op)) throw new TypeError('this opcode is not known');
      } catch (error) {
        // A TypeError is a value of the wrong kind in the file.
        if (!(error instanceof TypeError || error instanceof PickleEnd)) throw error;
        const name = op === undefined ? 'the end' : (OP_NAMES.get(op) ?? `opcode ${op}`);
        throw Object.assign(new BadPickleError(error.message, start, name), { cause: error });
      }
    }
  }

  #finish(value: unknown): unknown {
    this.#failures.check(value);
    return value instanceof TorchFloat ? value.value : value;
  }

  #step(op: number): boolean {
    const literal = readLiteral(op, this.#in);
    if (literal !== undefined) this.#stack.push(literal);
    return literal !== undefined || this.#control(op) || this.#collect(op) || this.#construct(op);
  }

  // The stack, the memo, and what can be skipped.
  #control(op: number): boolean {
    switch (op) {
      case OP.PROTO:
        this.#protocol(this.#in.byte());
        return true;
      case OP.FRAME:
        this.#in.bytes(8);
        return true;
      case OP.MARK:
        this.#stack.mark();
        return true;
      case OP.POP:
        this.#stack.pop();
        return true;
      case OP.POP_MARK:
        this.#stack.popMark();
        return true;
      case OP.DUP:
        this.#stack.push(this.#stack.top());
        return true;
      case OP.BINGET:
        this.#recall(this.#in.byte());
        return true;
      case OP.LONG_BINGET:
        this.#recall(this.#in.uint(4));
        return true;
      case OP.BINPUT:
        this.#memo.set(this.#in.byte(), this.#stack.top());
        return true;
      case OP.LONG_BINPUT:
        this.#memo.set(this.#in.uint(4), this.#stack.top());
        return true;
      case OP.MEMOIZE:
        this.#memo.set(this.#memo.size, this.#stack.top());
        return true;
      default:
        return false;
    }
  }

  #collect(op: number): boolean {
    const [stack, items] = [this.#stack, this.#items];
    switch (op) {
      case OP.TUPLE1:
      case OP.TUPLE2:
      case OP.TUPLE3:
        stack.push(items.settle(Tuple.from(stack.popMany(op - OP.TUPLE1 + 1))));
        return true;
      case OP.TUPLE:
        stack.push(items.settle(Tuple.from(stack.popMark())));
        return true;
      case OP.LIST:
        stack.push(items.settle(stack.popMark()));
        return true;
      case OP.DICT:
        this.#fill(new Map(), (dict) => items.set(dict, stack.popMark()));
        return true;
      case OP.FROZENSET:
        this.#fill(new FrozenSet(), (set) => items.add(set, stack.popMark()));
        return true;
      case OP.APPEND:
        this.#into(stack.popMany(1), items.append);
        return true;
      case OP.APPENDS:
        this.#into(stack.popMark(), items.append);
        return true;
      case OP.ADDITEMS:
        this.#into(stack.popMark(), items.add);
        return true;
      case OP.SETITEM:
        this.#into(stack.popMany(2), items.set);
        return true;
      case OP.SETITEMS:
        this.#into(stack.popMark(), items.set);
        return true;
      default:
        return false;
    }
  }

  #construct(op: number): boolean {
    const stack = this.#stack;
    switch (op) {
      case OP.GLOBAL:
        stack.push(this.#findGlobal(this.#in.line(), this.#in.line()));
        return true;
      case OP.STACK_GLOBAL: {
        const [module, name] = stack.popMany(2);
        if (typeof module !== 'string' || typeof name !== 'string') throw new TypeError('it is not a name');
        stack.push(this.#findGlobal(module, name));
        return true;
      }
      case OP.INST:
        // Protocol 0 only; the name makes the better message.
        this.#findGlobal(this.#in.line(), this.#in.line());
        return false;
      case OP.REDUCE:
      case OP.NEWOBJ: {
        const [callee, args] = stack.popMany(2);
        stack.push(this.#calls.call(callee, args));
        return true;
      }
      case OP.NEWOBJ_EX: {
        const [callee, args, named] = stack.popMany(3);
        if (!(named instanceof Map) || named.size > 0) throw new TypeError('arguments by name');
        stack.push(this.#calls.call(callee, args));
        return true;
      }
      case OP.BUILD:
        this.#build(stack.pop());
        return true;
      case OP.BINPERSID:
        this.#persistent(stack.pop());
        return true;
      default:
        return false;
    }
  }

  #fill<T>(container: T, fill: (container: T) => void): void {
    fill(container);
    this.#stack.push(container);
  }

  // What stands for a value that failed takes everything and keeps nothing.
  #into(items: unknown[], put: (target: unknown, items: readonly unknown[]) => void): void {
    const target = this.#stack.top();
    if (this.#failures.of(target) !== target) put.call(this.#items, target, items);
  }

  #build(state: unknown): void {
    const target = this.#stack.top();
    if (this.#failures.of(target) === target) return;
    this.#failures.placed(target, '__dict__', state);
    if (this.#failures.of(state) !== undefined) return;
    if (Array.isArray(state)) this.#budget.spend(state);
    const failure = this.#calls.attempt(() => build(target, state));
    if (failure) this.#stack.replace(failure);
  }

  // After a failure nothing is read from the file that would not be given back.
  #persistent(id: unknown): void {
    const { first } = this.#failures;
    this.#stack.push(first ?? this.#calls.attempt(() => this.#loadPersistent(id)));
  }

  #protocol(version: number): void {
    if (version >= 2 && version <= 5) return;
    throw new UnsupportedCheckpointError(`it is a pickle of protocol ${version}; 2 to 5 can be read`);
  }

  #recall(index: number): void {
    if (!this.#memo.has(index)) throw new TypeError(`nothing was stored under ${index}`);
    this.#stack.push(this.#memo.get(index));
  }
}
