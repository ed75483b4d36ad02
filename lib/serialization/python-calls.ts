import { Complex } from '../complex.js';
import { type Device, device } from '../device.js';
import { Slice } from '../indexing.js';
import { OrderedDict } from '../ordered-dict.js';
import type { Tuple } from '../tuple.js';
import { ForbiddenGlobalError } from './errors.js';
import { carryFloats } from './float-entries.js';
import { ByteArray, Counter, FrozenSet, Size } from './python-values.js';
import { UnknownObject } from './unknown.js';

// What the classes and functions of Python's own library make of their arguments. TypeError: they take others.

const LATIN1 = new Set(['latin1', 'latin-1', 'iso-8859-1']);

/** `_codecs.encode(text, 'latin1')` is how protocol 2 writes bytes; no other codec is there. */
export function encodeLatin1(text: unknown, codec: unknown): Uint8Array {
  if (typeof text !== 'string' || typeof codec !== 'string' || !LATIN1.has(codec)) {
    throw new ForbiddenGlobalError('_codecs.encode with another codec than latin1');
  }
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

/** `bytes(b'...')`, and `bytes(text, 'latin1')` as Python 3 writes it with protocol 2. */
export function makeBytes(content: unknown = new Uint8Array(), codec?: unknown): Uint8Array {
  return new Uint8Array(bytesOf(content, codec, 'builtins.bytes'));
}

export function makeByteArray(content: unknown = new Uint8Array(), codec?: unknown): ByteArray {
  return new ByteArray(bytesOf(content, codec, 'builtins.bytearray'));
}

export function makeComplex(re: unknown, im: unknown): Complex {
  if (typeof re !== 'number' || typeof im !== 'number') throw new TypeError('complex takes two numbers');
  return new Complex(re, im);
}

/** From a dict of counts. */
export function makeCounter(counts: unknown = new Map()): Counter {
  if (!(counts instanceof Map)) throw new TypeError('Counter takes a dict');
  const counter = new Counter(counts);
  carryFloats(counts, counter, (key) => key);
  return counter;
}

export function makeOrderedDict(items: unknown = []): OrderedDict<unknown, unknown> {
  return new OrderedDict(list(items).map(pair));
}

export function makeSet(items: unknown = []): Set<unknown> {
  return withFloats(new Set(list(items)), items);
}

export function makeFrozenSet(items: unknown = []): FrozenSet {
  return withFloats(new FrozenSet(list(items)), items);
}

export function makeSize(sizes: unknown): Tuple {
  return Size.from(list(sizes));
}

export function makeSlice(...[start, stop, step]: unknown[]): Slice {
  const isBound = (bound: unknown) => bound === null || Number.isSafeInteger(bound);
  if (![start, stop, step].every(isBound)) throw new TypeError('slice takes three integers');
  return new Slice(start as number | null, stop as number | null, step as number | null);
}

/** A record, as JavaScript has no range. */
export function makeRange(...bounds: unknown[]): UnknownObject {
  if (!bounds.every(Number.isSafeInteger)) throw new TypeError('range takes integers');
  return new UnknownObject('builtins.range', bounds);
}

export function makeDevice(type: unknown, index: unknown = null): Device {
  if (typeof type !== 'string' || (index !== null && !Number.isSafeInteger(index))) {
    throw new TypeError('torch.device takes a name and an index');
  }
  return device(type, index as number | null);
}

// `bytearray(2 ** 40)` would allocate by a number in the file.
function bytesOf(content: unknown, codec: unknown, name: string): Uint8Array {
  if (content instanceof Uint8Array) return content;
  if (typeof content === 'string' && codec !== undefined) return encodeLatin1(content, codec);
  throw new ForbiddenGlobalError(`${name} of something that is not bytes`);
}

function withFloats<T extends Set<unknown>>(set: T, items: unknown): T {
  carryFloats(list(items), set, (_, value) => value);
  return set;
}

function list(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (value instanceof Set) return [...value];
  throw new TypeError('expected a list');
}

function pair(value: unknown): [unknown, unknown] {
  if (!Array.isArray(value) || value.length !== 2) throw new TypeError('expected a key and a value');
  return [value[0], value[1]];
}
