import { TorchError } from '../errors.js';
import { OrderedDict } from '../ordered-dict.js';
import { Tuple } from '../tuple.js';
import { BadPickleError, UnsupportedCheckpointError } from './errors.js';
import { OP } from './opcodes.js';
import { PickleCursor } from './pickle-cursor.js';
import { findGlobal } from './pickle-globals.js';
import { readLiteral } from './pickle-literals.js';
import { PickleStack } from './pickle-stack.js';

/** Finds the object that a persistent id stands for. */
export type LoadPersistent = (id: unknown) => unknown;

const OP_NAMES = new Map<number, string>(Object.entries(OP).map(([name, code]) => [code, name]));

/**
 * Reads a pickle of protocol 2 to 5. A dict becomes a Map, a tuple a {@link Tuple}, a list an array, an int a number
 * or, beyond 2^53, a BigInt. It is a loop over a stack of its own, so depth costs nothing, and a name in the file
 * leads only to what {@link findGlobal} knows.
 */
export class PickleReader {
  readonly #in: PickleCursor;
  readonly #loadPersistent: LoadPersistent;
  readonly #stack = new PickleStack();
  readonly #memo = new Map<number, unknown>();

  constructor(bytes: Uint8Array, loadPersistent: LoadPersistent) {
    this.#in = new PickleCursor(bytes);
    this.#loadPersistent = loadPersistent;
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
      const op = this.#in.byte();
      try {
        if (op === OP.STOP) return this.#stack.pop();
        if (!this.#step(op)) throw new TypeError('this opcode is not known');
      } catch (error) {
        // Everything of ours is a TorchError already; a TypeError is a value of the wrong kind in the file.
        if (error instanceof TorchError || !(error instanceof TypeError)) throw error;
        throw new BadPickleError(`${OP_NAMES.get(op) ?? `opcode ${op}`}: ${error.message}`, start);
      }
    }
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
    const stack = this.#stack;
    switch (op) {
      case OP.TUPLE1:
      case OP.TUPLE2:
      case OP.TUPLE3:
        stack.push(Tuple.from(stack.popMany(op - OP.TUPLE1 + 1)));
        return true;
      case OP.TUPLE:
        stack.push(Tuple.from(stack.popMark()));
        return true;
      case OP.LIST:
        stack.push(stack.popMark());
        return true;
      case OP.DICT:
        stack.push(new Map(pairs(stack.popMark())));
        return true;
      case OP.FROZENSET:
        stack.push(new Set(stack.popMark()));
        return true;
      case OP.APPEND:
        append(stack.popMany(1), stack.top());
        return true;
      case OP.APPENDS:
        append(stack.popMark(), stack.top());
        return true;
      case OP.ADDITEMS:
        addItems(stack.popMark(), stack.top());
        return true;
      case OP.SETITEM:
        setItems(stack.popMany(2), stack.top());
        return true;
      case OP.SETITEMS:
        setItems(stack.popMark(), stack.top());
        return true;
      default:
        return false;
    }
  }

  #construct(op: number): boolean {
    const stack = this.#stack;
    switch (op) {
      case OP.GLOBAL:
        stack.push(findGlobal(this.#in.line(), this.#in.line()));
        return true;
      case OP.STACK_GLOBAL: {
        const [module, name] = stack.popMany(2);
        stack.push(findGlobal(String(module), String(name)));
        return true;
      }
      case OP.REDUCE: {
        const [callee, args] = stack.popMany(2);
        stack.push(call(callee, args));
        return true;
      }
      case OP.BUILD: {
        const [state] = stack.popMany(1);
        build(stack.top(), state);
        return true;
      }
      case OP.BINPERSID:
        stack.push(this.#loadPersistent(stack.pop()));
        return true;
      default:
        return false;
    }
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

function append(items: unknown[], list: unknown): void {
  if (!Array.isArray(list) || list instanceof Tuple)
    throw new TypeError('it is not a list that is appended to');
  for (const item of items) list.push(item);
}

function addItems(items: unknown[], set: unknown): void {
  if (!(set instanceof Set)) throw new TypeError('it is not a set that is added to');
  for (const item of items) set.add(item);
}

function setItems(items: unknown[], dict: unknown): void {
  if (!(dict instanceof Map)) throw new TypeError('it is not a dict whose items are set');
  for (const [key, value] of pairs(items)) {
    const isMutable = Array.isArray(key) ? !(key instanceof Tuple) : key instanceof Map || key instanceof Set;
    if (isMutable) throw new TypeError('a list, dict or set cannot be a key');
    dict.set(key, value);
  }
}

function pairs(items: readonly unknown[]): [unknown, unknown][] {
  if (items.length % 2 !== 0) throw new TypeError('a key has no value');
  return Array.from({ length: items.length / 2 }, (_, i) => [items[2 * i], items[2 * i + 1]]);
}

function call(callee: unknown, args: unknown): unknown {
  if (typeof callee !== 'function' || !(args instanceof Tuple))
    throw new TypeError('it is not a function that is called');
  return callee(...args);
}

// The attributes of a state dict; anything else with a state of its own is not on the list of globals.
function build(target: unknown, state: unknown): void {
  const metadata = state instanceof Map ? state.get('_metadata') : undefined;
  if (
    !(target instanceof OrderedDict) ||
    !(state instanceof Map) ||
    !(metadata instanceof OrderedDict) ||
    state.size !== 1
  ) {
    throw new UnsupportedCheckpointError('an object carries attributes, which cannot be read yet');
  }
  target.metadata = metadata;
}
