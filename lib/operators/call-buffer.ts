// The TypeScript side of native/call-buffer.h: tagged doubles in memory that both sides see.

import { TorchError } from '../errors.js';
import { native } from '../native.js';

/** What an entry is; the numbers of native/call-buffer.h. */
export const Tag = {
  none: 0,
  tensor: 1,
  int: 2,
  float: 3,
  bool: 4,
  bigint: 5,
  string: 6,
  list: 7,
  name: 8,
  dtype: 9,
  layout: 10,
  memoryFormat: 11,
  device: 12,
  generator: 13,
  complex: 14,
  other: 15,
  same: 16,
  tuple: 17,
} as const;

/** A call's first values: operator, number of positional and of named arguments, entries in all. */
export const headerEntries = 4;

export let capacity = 0;
export let kinds: Uint8Array;
export let values: Float64Array;
/** The same memory as `values`, for integers beyond 2^53. */
export let bits: BigInt64Array;

function allocate(entries: number): void {
  const buffer = native.callBuffer(entries);
  const before = { kinds, values };
  capacity = entries;
  kinds = new Uint8Array(buffer.kinds);
  values = new Float64Array(buffer.values);
  bits = new BigInt64Array(buffer.values);
  if (before.kinds) {
    kinds.set(before.kinds);
    values.set(before.values);
  }
}

const most = 1 << 28;

/** Makes room for at least so many entries; what the buffer holds stays. */
export function grow(entries: number): void {
  if (entries > most) throw new TorchError(`too many values in one call: more than ${most}`);
  allocate(Math.min(Math.max(entries, capacity * 2), most));
}

allocate(1 << 12);
native.setBufferGrower(grow);

/** The first `count` values, as native.sizes leaves them. */
export function sizesFrom(count: number): number[] {
  const sizes = new Array<number>(count);
  for (let i = 0; i < count; i++) sizes[i] = values[i] as number;
  return sizes;
}
