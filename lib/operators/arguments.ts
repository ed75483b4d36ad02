// Writes the arguments of one call into the call buffer.

import { Complex } from '../complex.js';
import { Device } from '../device.js';
import { DType } from '../dtype.js';
import { Layout } from '../layout.js';
import { MemoryFormat } from '../memory-format.js';
import { camelToSnake } from '../names.js';
import { native } from '../native.js';
import { Generator } from '../random.js';
import { TorchFloat } from '../scalar.js';
import { handleOf, type Tensor } from '../tensor.js';
import { bits, capacity, grow, headerEntries, kinds, Tag, values } from './call-buffer.js';

let used = 0;
let named = 0;
let depth = 0;
let strings: string[] | undefined;

const nameIds = new Map<string, number>();

function nameId(key: string): number {
  let id = nameIds.get(key);
  if (id === undefined) {
    id = native.intern(camelToSnake(key));
    nameIds.set(key, id);
  }
  return id;
}

function put(tag: number, value: number): void {
  if (used >= capacity) grow(used + 1);
  kinds[used] = tag;
  values[used++] = value;
}

function putText(tag: number, text: string): void {
  strings ??= [];
  put(tag, strings.push(text) - 1);
}

function putBigInt(value: bigint): void {
  if (value !== BigInt.asIntN(64, value)) throw new RangeError(`${value}n does not fit into 64 bits`);
  put(Tag.bigint, 0);
  bits[used - 1] = value;
}

function putNumber(value: number): void {
  // -0 and what int64 or a double cannot hold exactly are floats, as the number was meant.
  const integral = Number.isSafeInteger(value) && !Object.is(value, -0);
  put(integral ? Tag.int : Tag.float, value);
}

function putComplex(value: Complex): void {
  put(Tag.complex, value.re);
  put(Tag.float, value.im);
}

/** No schema has lists in lists in lists; an array may hold itself. */
const deepest = 8;

function putList(list: ArrayLike<unknown>): void {
  const { length } = list;
  put(Tag.list, length);
  depth++;
  for (let i = 0; i < length; i++) putValue(list[i]);
  depth--;
}

function putObject(value: object): void {
  const handle = handleOf(value);
  if (handle !== 0) put(Tag.tensor, handle);
  else if (Array.isArray(value) && depth < deepest) putList(value);
  else if (value instanceof DType) put(Tag.dtype, value.code);
  else if (value instanceof TorchFloat) put(Tag.float, value.value);
  else if (value instanceof MemoryFormat) put(Tag.memoryFormat, value.code);
  else if (value instanceof Device) putText(Tag.device, value.toString());
  else if (value instanceof Layout) put(Tag.layout, value.code);
  else if (value instanceof Generator) put(Tag.generator, value.index);
  else if (ArrayBuffer.isView(value) && !(value instanceof DataView)) putList(value as Float64Array);
  else if (value instanceof Complex) putComplex(value);
  else putText(Tag.other, value.constructor?.name ?? 'object');
}

function putValue(value: unknown): void {
  const type = typeof value;
  if (type === 'object' && value !== null) putObject(value as object);
  else if (type === 'number') putNumber(value as number);
  else if (value === undefined || value === null) put(Tag.none, 0);
  else if (type === 'boolean') put(Tag.bool, value ? 1 : 0);
  else if (type === 'string') putText(Tag.string, value as string);
  else if (type === 'bigint') putBigInt(value as bigint);
  else putText(Tag.other, type);
}

/** A trailing plain object holds arguments by name; a Tensor, array, Map or typed array is not one. */
export function isOptions(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || handleOf(value) !== 0) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function putNamed(keys: readonly string[], options: readonly unknown[]): void {
  for (let i = 0; i < keys.length; i++) {
    if (options[i] === undefined) continue;
    put(Tag.name, nameId(keys[i] as string));
    putValue(options[i]);
    named++;
  }
}

/**
 * Writes the call's header, `self` (where there is one) and the arguments, valid until the next call; answers the texts
 * among them, which do not fit into the buffer.
 */
export function writeArguments(
  op: number,
  self: Tensor | undefined,
  args: readonly unknown[],
): string[] | undefined {
  let count = args.length;
  const last = count > 0 ? args[count - 1] : undefined;
  // Read before anything is written: a getter among the options may call torch itself.
  const keys = isOptions(last) ? Object.keys(last) : undefined;
  const options = keys?.map((key) => (last as Record<string, unknown>)[key]);
  if (keys) count--;
  used = headerEntries;
  depth = 0;
  named = 0;
  strings = undefined;
  if (self !== undefined) putObject(self);
  for (let i = 0; i < count; i++) putValue(args[i]);
  if (keys && options) putNamed(keys, options);
  values[0] = op;
  values[1] = self === undefined ? count : count + 1;
  values[2] = named;
  values[3] = used;
  return strings;
}
