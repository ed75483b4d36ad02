import { Complex } from '../complex.js';
import { ForbiddenGlobalError } from './errors.js';

/** Python's `collections.Counter`. */
export class Counter extends Map<unknown, unknown> {}

/** Python's `bytearray`; `bytes` are a plain Uint8Array. */
export class ByteArray extends Uint8Array {}

/** `_codecs.encode(text, 'latin1')` is how protocol 2 writes bytes; no other codec is there. */
export function encodeLatin1(text: unknown, codec: unknown): Uint8Array {
  if (typeof text !== 'string' || !['latin1', 'latin-1', 'iso-8859-1'].includes(String(codec))) {
    throw new ForbiddenGlobalError('_codecs.encode with another codec than latin1');
  }
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

export function makeBytes(content: unknown = new Uint8Array()): Uint8Array {
  return new Uint8Array(bytesOf(content, 'builtins.bytes'));
}

export function makeByteArray(content: unknown = new Uint8Array()): ByteArray {
  return new ByteArray(bytesOf(content, 'builtins.bytearray'));
}

export function makeComplex(re: unknown, im: unknown): Complex {
  if (typeof re !== 'number' || typeof im !== 'number') throw new TypeError('complex takes two numbers');
  return new Complex(re, im);
}

/** From a dict of counts. */
export function makeCounter(counts: unknown = new Map()): Counter {
  if (!(counts instanceof Map)) throw new TypeError('Counter takes a dict');
  return new Counter(counts);
}

// `bytearray(2 ** 40)` would allocate by a number in the file.
function bytesOf(content: unknown, name: string): Uint8Array {
  if (content instanceof Uint8Array) return content;
  throw new ForbiddenGlobalError(`${name} of something that is not bytes`);
}
