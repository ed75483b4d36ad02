import { TorchError, ValueError } from '../errors.js';
import { OrderedDict } from '../ordered-dict.js';
import { typeText } from '../python-text.js';
import { TorchFloat } from '../scalar.js';
import { Tuple } from '../tuple.js';
import { existingAttributes } from './attributes.js';
import { carryFloats, isNotedFloat } from './float-entries.js';
import { OP } from './opcodes.js';
import { PickleEncoder } from './pickle-encoder.js';
import { OwnString, PersistentId, PythonCall, PythonGlobal } from './python-object.js';
import { Counter, Size } from './python-values.js';

/** The Python form of what is not a plain value (a tensor, a dtype), or null if there is none. */
export type Reduce = (value: object) => PythonGlobal | PythonCall | PersistentId | null;

// Python writes long containers in pieces of this size.
const BATCH = 1000;

// Each level takes several stack frames; Python's pickler gives up at about 500.
const DEEPEST = 400;

const ORDERED_DICT = new PythonCall(new PythonGlobal('collections', 'OrderedDict'), Tuple.of());

/**
 * Writes a value as Python's `pickle` does with protocol 2, opcode for opcode: an array becomes a list, a Map or a
 * plain object a dict, an integral number an int (`torch.float(1)` is 1.0). Every object is written once.
 */
export class PickleWriter {
  readonly #out = new PickleEncoder();
  readonly #reduce: Reduce;
  readonly #path: unknown[] = [];

  constructor(reduce: Reduce) {
    this.#reduce = reduce;
  }

  /**
   * The pickle of one value.
   *
   * @throws TypeError naming the place of a value that has no counterpart in Python
   */
  dump(value: unknown): Uint8Array {
    this.#save(value);
    return this.#out.finish();
  }

  /** Where the value now written sits: `the value` or `['model']['fc.weight']`. */
  get place(): string {
    return this.#path.length === 0 ? 'the value' : this.#path.map((key) => `[${keyText(key)}]`).join('');
  }

  #save(value: unknown): void {
    if (value === null) this.#out.op(OP.NONE);
    else if (typeof value === 'boolean') this.#out.op(value ? OP.NEWTRUE : OP.NEWFALSE);
    else if (typeof value === 'number') this.#number(value);
    else if (typeof value === 'bigint') this.#out.int(value);
    else if (typeof value === 'string' || value instanceof OwnString) this.#out.string(value);
    else if (value instanceof TorchFloat) this.#out.float(value.value);
    else if (value instanceof PythonGlobal) this.#out.global(value.module, value.name);
    else if (value instanceof PersistentId) this.#persistent(value);
    else if (typeof value !== 'object') this.#refuse(value);
    else if (!this.#out.recall(value)) this.#object(value);
  }

  // The rule of operator arguments: what int64 and double both hold exactly is an int.
  #number(value: number): void {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) this.#out.int(BigInt(value));
    else this.#out.float(value);
  }

  #object(value: object): void {
    if (this.#path.length > DEEPEST) throw new ValueError(`cannot save: nested more than ${DEEPEST} deep`);
    if (value instanceof PythonCall) this.#call(value, value);
    else if (value instanceof Size || value instanceof Counter) this.#reduced(value);
    else if (value instanceof Tuple) this.#tuple(value);
    else if (Array.isArray(value)) this.#list(value);
    else if (value instanceof OrderedDict) this.#orderedDict(value);
    else if (value instanceof Map) this.#dict(value, [...value]);
    else if (isRecord(value)) this.#dict(value, Object.entries(value));
    else this.#reduced(value);
  }

  #reduced(value: object): void {
    const form = this.#formOf(value);
    if (form === null) this.#refuse(value);
    else if (form instanceof PythonCall) this.#call(value, form);
    else this.#save(form);
  }

  #formOf(value: object): ReturnType<Reduce> {
    try {
      return this.#reduce(value);
    } catch (error) {
      if (error instanceof TorchError) error.message = `${error.message} (at ${this.place})`;
      throw error;
    }
  }

  #call(value: object, { callee, args }: PythonCall): void {
    this.#save(callee);
    this.#save(args);
    this.#out.op(OP.REDUCE);
    this.#out.remember(value);
  }

  #persistent({ id }: PersistentId): void {
    this.#save(id);
    this.#out.op(OP.BINPERSID);
  }

  // A tuple is remembered after its items, as Python makes it then; every other container before.
  #tuple(tuple: Tuple): void {
    const short = [OP.EMPTY_TUPLE, OP.TUPLE1, OP.TUPLE2, OP.TUPLE3][tuple.length];
    if (short === undefined) this.#out.op(OP.MARK);
    tuple.forEach((item, index) => {
      this.#at(tuple, index, item);
    });
    this.#out.op(short ?? OP.TUPLE);
    if (tuple.length > 0) this.#out.remember(tuple);
  }

  // Below: where an item stands alone, and whether a full last piece is followed by an empty one, is CPython's doing.

  #list(list: readonly unknown[]): void {
    this.#out.op(OP.EMPTY_LIST);
    this.#out.remember(list);
    const items = Array.from(list, (item, index) => [index, item] as const);
    const save = ([index, item]: readonly [number, unknown]) => this.#at(list, index, item);
    for (const piece of pieces(items)) {
      if (items.length === 1) this.#one(piece, OP.APPEND, save);
      else this.#many(piece, OP.APPENDS, save);
    }
  }

  #dict(dict: object, entries: readonly Entry[]): void {
    this.#out.op(OP.EMPTY_DICT);
    this.#out.remember(dict);
    const save = (entry: Entry) => this.#entry(dict, entry);
    for (const piece of pieces(entries)) {
      if (entries.length === 1) this.#one(piece, OP.SETITEM, save);
      else this.#many(piece, OP.SETITEMS, save);
    }
    if (entries.length > 0 && entries.length % BATCH === 0) this.#many([], OP.SETITEMS, save);
  }

  // `_metadata` of a state dict is an attribute, set by BUILD.
  #orderedDict(dict: OrderedDict<unknown, unknown>): void {
    this.#call(dict, ORDERED_DICT);
    const save = (entry: Entry) => this.#entry(dict, entry);
    for (const piece of pieces([...dict])) {
      if (piece.length === 1) this.#one(piece, OP.SETITEM, save);
      else this.#many(piece, OP.SETITEMS, save);
    }
    const own = existingAttributes(dict) ?? new Map();
    const attributes = new Map(own);
    carryFloats(own, attributes, (name) => name);
    if (dict.metadata !== undefined) attributes.set('_metadata', dict.metadata);
    if (attributes.size === 0) return;
    this.#save(attributes);
    this.#out.op(OP.BUILD);
  }

  #one<T>(piece: readonly T[], op: number, save: (item: T) => void): void {
    piece.forEach(save);
    this.#out.op(op);
  }

  #many<T>(piece: readonly T[], op: number, save: (item: T) => void): void {
    this.#out.op(OP.MARK);
    this.#one(piece, op, save);
  }

  #entry(dict: object, [key, value]: Entry): void {
    if (isMutable(key)) throw new TypeError(`cannot save ${this.place}: a list, dict or set cannot be a key`);
    this.#under(key, () => this.#save(key));
    this.#at(dict, key, value);
  }

  #at(container: object, key: unknown, value: unknown): void {
    const isFloat = typeof value === 'number' && isNotedFloat(container, key, value);
    this.#under(key, () => (isFloat ? this.#out.float(value) : this.#save(value)));
  }

  #under(key: unknown, save: () => void): void {
    this.#path.push(key);
    save();
    this.#path.pop();
  }

  #refuse(value: unknown): never {
    const hint = hasStateDict(value)
      ? 'save its stateDict() instead'
      : ArrayBuffer.isView(value)
        ? 'make it a tensor first: torch.tensor(array)'
        : 'PyTorch files hold tensors, numbers, strings, booleans, null, arrays, Maps and plain objects';
    throw new TypeError(`cannot save ${this.place}: it is ${typeText(value)}; ${hint}`);
  }
}

type Entry = readonly [key: unknown, value: unknown];

function pieces<T>(items: readonly T[]): T[][] {
  const starts = Array.from({ length: Math.ceil(items.length / BATCH) }, (_, index) => index * BATCH);
  return starts.map((start) => items.slice(start, start + BATCH));
}

function isMutable(key: unknown): boolean {
  return (Array.isArray(key) && !(key instanceof Tuple)) || key instanceof Map || key instanceof Set;
}

function isRecord(value: object): value is Record<string, unknown> {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function hasStateDict(value: unknown): boolean {
  return typeof (value as { stateDict?: unknown } | null)?.stateDict === 'function';
}

function keyText(key: unknown): string {
  return typeof key === 'string' ? `'${key}'` : String(key);
}
