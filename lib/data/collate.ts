import { tensor } from '../creation.js';
import { bool, float64, int64 } from '../dtype.js';
import { TorchError } from '../errors.js';
import { strided } from '../layout.js';
import { aten } from '../operators/ops.js';
import { TorchFloat } from '../scalar.js';
import { isTensor, type Tensor } from '../tensor.js';
import { isTypedArray, type TypedArray } from '../typed-arrays.js';

/** What the default collate makes of a batch of `T`. */
export type Collated<T> = T extends Tensor | TypedArray | TorchFloat | number | bigint | boolean
  ? Tensor
  : T extends string
    ? string[]
    : T extends Map<infer K, infer V>
      ? Map<K, Collated<V>>
      : T extends object
        ? { -readonly [K in keyof T]: Collated<T[K]> }
        : never;

/**
 * Makes one batch of a list of samples (torch.utils.data.default_collate): tensors and typed arrays are stacked along
 * a new first dimension, containers are collated item by item, strings stay a list. Numbers become int64 when all of
 * the batch are integral (class labels) and float64 otherwise; write `torch.float(x)` where an integral number is a
 * measurement, since JavaScript cannot tell 1 from 1.0. Booleans become bool, BigInts int64.
 *
 * @throws TorchError when lists differ in length or tensors in shape
 * @throws TypeError on a value of any other kind, or a key that a sample lacks
 */
export function defaultCollate<T>(batch: readonly T[]): Collated<T> {
  return collate(batch) as Collated<T>;
}

function collate(batch: readonly unknown[]): unknown {
  const [first] = batch;
  if (isTensor(first)) return stack(batch as Tensor[]);
  if (isTypedArray(first)) return stack((batch as TypedArray[]).map((array) => tensor(array)));
  if (typeof first === 'string') return [...batch];
  if (typeof first === 'boolean') return tensor(batch as boolean[], { dtype: bool });
  if (typeof first === 'bigint') return tensor(batch as bigint[], { dtype: int64 });
  if (typeof first === 'number' || first instanceof TorchFloat)
    return numbers(batch as (number | TorchFloat)[]);
  if (Array.isArray(first)) return lists(batch as unknown[][]);
  if (first instanceof Map) {
    return new Map([...first.keys()].map((key) => [key, collate(batch.map((sample) => entry(sample, key)))]));
  }
  if (isRecord(first)) {
    return Object.fromEntries(
      Object.keys(first).map((key) => [key, collate(batch.map((sample) => property(sample, key)))]),
    );
  }
  throw new TypeError(
    'default_collate: batch must contain tensors, typed arrays, numbers, dicts or lists; ' +
      `found ${describe(first)}. Pass a collateFn that knows what to do with it.`,
  );
}

function stack(tensors: Tensor[]): Tensor {
  if (tensors[0]?.layout !== strided) {
    throw new TorchError(
      'Batches of sparse tensors are not currently supported by the default collate_fn; ' +
        'please provide a custom collate_fn to handle them appropriately.',
    );
  }
  return aten.stack(tensors, 0);
}

function numbers(batch: (number | TorchFloat)[]): Tensor {
  const integral = batch.every((value) => Number.isSafeInteger(value) && !Object.is(value, -0));
  return tensor(batch.map(Number), { dtype: integral ? int64 : float64 });
}

function lists(batch: unknown[][]): unknown[] {
  const size = batch[0]?.length ?? 0;
  if (batch.some((sample) => sample.length !== size)) {
    throw new TorchError('each element in list of batch should be of equal size');
  }
  return Array.from({ length: size }, (_, i) => collate(batch.map((sample) => sample[i])));
}

function entry(sample: unknown, key: unknown): unknown {
  if (sample instanceof Map && sample.has(key)) return sample.get(key);
  throw new TypeError(`default_collate: a sample of the batch has no key ${String(key)}`);
}

function property(sample: unknown, key: string): unknown {
  if (isRecord(sample) && Object.hasOwn(sample, key)) return sample[key];
  throw new TypeError(`default_collate: a sample of the batch has no property '${key}'`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  if (value === null || typeof value !== 'object') return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function describe(value: unknown): string {
  return value === null || typeof value !== 'object' ? String(value) : (value.constructor?.name ?? 'object');
}

/**
 * What a loader without batching applies to each sample (torch.utils.data.default_convert): typed arrays become
 * tensors, inside containers too; everything else stays as it is.
 */
export function defaultConvert(data: unknown): unknown {
  if (isTypedArray(data)) return tensor(data);
  if (Array.isArray(data)) return data.map(defaultConvert);
  if (data instanceof Map) return new Map([...data].map(([key, value]) => [key, defaultConvert(value)]));
  if (isRecord(data)) {
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, defaultConvert(value)]));
  }
  return data;
}
