import * as cuda from '../cuda/index.js';
import { isTensor } from '../tensor.js';
import { warn } from '../warn.js';

/** Copies a batch's tensors into pinned memory, where there is a device to copy them to. */
export function pinned<T>(batch: T): T {
  if (!cuda.isAvailable()) {
    warn(
      "'pin_memory' argument is set as true but no accelerator is found, then device pinned memory won't be used.",
    );
    return batch;
  }
  return withPinned(batch) as T;
}

function withPinned(value: unknown): unknown {
  if (isTensor(value)) return value.pinMemory();
  if (Array.isArray(value)) return value.map(withPinned);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, withPinned(item)]));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withPinned(item)]));
}
