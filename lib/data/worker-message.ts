// Batches on their way between threads: tensors go as tokens, without a copy.

import { adopt, type SharedTensor, share } from '../sharing.js';
import { isTensor } from '../tensor.js';

const isPlain = (value: object): boolean => {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

function mapped(value: unknown, leaf: (value: object) => unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const changed = leaf(value);
  if (changed !== value) return changed;
  if (Array.isArray(value)) return value.map((item) => mapped(item, leaf));
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, mapped(item, leaf)]));
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapped(item, leaf)]));
}

/** What postMessage takes: tensors, also inside arrays, Maps and plain objects, become tokens. */
export function packed(value: unknown): unknown {
  return mapped(value, (item) => (isTensor(item) ? share(item) : item));
}

/** The other half of `packed`. */
export function unpacked(value: unknown): unknown {
  return mapped(value, (item) => ('libtorchNodeTensor' in item ? adopt(item as SharedTensor) : item));
}
