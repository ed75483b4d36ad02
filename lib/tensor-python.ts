// What Python's Tensor has beside the operators: to, item, tolist, backward, printing, typed arrays.

import { type BackwardOptions, backward, backwardAsync } from './autograd/index.js';
import { registerHook, registerPostAccumulateGradHook } from './autograd/tensor-hooks.js';
import { Complex } from './complex.js';
import { type TensorData, type TensorOptions, tensor, tensorNames } from './creation.js';
import { Device, type DeviceLike } from './device.js';
import { DType, float32, float64, int64 } from './dtype.js';
import { TorchError } from './errors.js';
import { scope } from './memory.js';
import { contiguousFormat, MemoryFormat } from './memory-format.js';
import { native } from './native.js';
import { isOptions } from './operators/arguments.js';
import { aten, operator } from './operators/ops.js';
import { type Names, requireNames, requireOptions } from './options.js';
import { tensorToString } from './printing/tensor-str.js';
import type { RemovableHandle } from './removable-handle.js';
import { float } from './scalar.js';
import { handleOf, isTensor, Tensor } from './tensor.js';
import { arrayOver, type TypedArray } from './typed-arrays.js';

export type Item = number | bigint | boolean | Complex;
export type NestedItems = Item | NestedItems[];

interface FormatOptions {
  memoryFormat?: MemoryFormat | null;
}

const formatNames: Names<FormatOptions> = { memoryFormat: true };

interface PythonTensor {
  /**
   * The one element as a JavaScript value: a number, a BigInt where a number is not exact, a boolean, a Complex. The
   * type is a number's if the caller names none: `mask.any().item<boolean>()`.
   */
  item<Value extends Item = number>(): Value;
  /** Nested arrays of the elements, as `item()` gives them; `tolist<number[]>()` where the shape is known. */
  tolist<Values = NestedItems>(): Values;
  /**
   * The elements of a contiguous CPU tensor as a typed array over the same memory (Python's `numpy()`); it keeps the
   * storage alive, which can no longer be resized. float16 and bfloat16 show their bits as Uint16Array.
   */
  typedArray<Values extends TypedArray = TypedArray>(): Values;
  /** Sums the gradient of this tensor into the leaves' `grad`; a tensor of one element needs no gradient. */
  backward(options?: BackwardOptions & { gradient?: Tensor | null }): void;
  backward(gradient: Tensor | null, options?: BackwardOptions): void;
  /** `backward` on a thread of its own; hooks still run on this one. */
  backwardAsync(options?: BackwardOptions & { gradient?: Tensor | null }): Promise<void>;
  /** A copy of the elements in row-major order, from any device, without blocking the event loop. */
  data<Values extends TypedArray = TypedArray>(): Promise<Values>;
  /** Sees this tensor's gradient each time it is computed; what it returns replaces it. */
  registerHook(hook: (gradient: Tensor) => Tensor | null | undefined): RemovableHandle;
  /** Sees this leaf each time its `grad` was accumulated. */
  registerPostAccumulateGradHook(hook: (tensor: Tensor) => void): RemovableHandle;
  /** A copy of the data with this tensor's dtype and device, if no others are named. */
  newTensor(data: TensorData, options?: TensorOptions): Tensor;
  /** Bytes per element. */
  elementSize(): number;
  nelement(): number;
  isContiguous(options?: MemoryFormat | FormatOptions): boolean;
  ndimension(): number;
  cpu(options?: FormatOptions): Tensor;
  cuda(device?: DeviceLike | number): Tensor;
  toString(): string;
  [Symbol.iterator](): IterableIterator<Tensor>;
}

declare module './tensor.js' {
  interface Tensor extends PythonTensor {}
}

interface ToOptions {
  dtype?: DType | null;
  device?: DeviceLike | null;
  nonBlocking?: boolean;
  copy?: boolean;
  memoryFormat?: MemoryFormat | null;
}

const toNames: Names<ToOptions & { other?: Tensor }> = {
  other: true,
  dtype: true,
  device: true,
  nonBlocking: true,
  copy: true,
  memoryFormat: true,
};

const toDtypeLayout = operator('aten::to');

/** The four forms of Python's `to`: of another tensor, a dtype, a device with or without dtype, all by name. */
function toOptions(args: unknown[]): ToOptions {
  const last = args.at(-1);
  const named = (isOptions(last) ? args.pop() : {}) as ToOptions & { other?: Tensor };
  requireNames(members.to, named, toNames);
  let [first, ...rest] = args;
  if (first === undefined && named.other) first = named.other;
  const { other: _, ...options } = named;
  if (isTensor(first))
    return {
      dtype: first.dtype,
      device: first.device,
      nonBlocking: rest[0] as boolean,
      copy: rest[1] as boolean,
      ...options,
    };
  if (first instanceof DType)
    return { dtype: first, nonBlocking: rest[0] as boolean, copy: rest[1] as boolean, ...options };
  if (typeof first === 'string' || first instanceof Device || first == null) {
    const dtype = rest[0] as DType | undefined;
    return {
      device: first as DeviceLike,
      dtype,
      nonBlocking: rest[1] as boolean,
      copy: rest[2] as boolean,
      ...options,
    };
  }
  const hint =
    (first as unknown) === float
      ? 'torch.float, which marks a number: the dtype is torch.float32'
      : typeof first;
  throw new TypeError(`to() takes a device, a dtype or a tensor, not ${hint}`);
}

function elements(tensor: Tensor): ArrayLike<Item> {
  if (tensor.dtype.isComplex) {
    const parts = aten.viewAsReal(tensor).to(float64).contiguous().typedArray() as Float64Array;
    return Array.from(
      { length: parts.length / 2 },
      (_, i) => new Complex(parts[2 * i] as number, parts[2 * i + 1] as number),
    );
  }
  const { dtype } = tensor;
  const wide = dtype.isFloatingPoint ? (dtype === float64 ? float64 : float32) : int64;
  const values = tensor.detach().to({ device: 'cpu', dtype: wide }).contiguous().typedArray();
  if (dtype.kind === 'bool') return Array.from(values as BigInt64Array, (value) => value !== 0n);
  if (wide !== int64) return Array.from(values as Float32Array);
  return Array.from(values as BigInt64Array, (value) => {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  });
}

function nested(items: ArrayLike<Item>, shape: number[], dim: number, from: number): NestedItems {
  if (dim === shape.length) return items[from] as Item;
  const step = shape.slice(dim + 1).reduce((product, size) => product * size, 1);
  return Array.from({ length: shape[dim] as number }, (_, i) =>
    nested(items, shape, dim + 1, from + i * step),
  );
}

const itemOf = operator('aten::item');

const members = {
  to(this: Tensor, ...args: unknown[]): Tensor {
    const { dtype, device, nonBlocking, copy, memoryFormat } = toOptions(args);
    return toDtypeLayout(this, {
      dtype: dtype ?? undefined,
      device: device ?? undefined,
      nonBlocking,
      copy,
      memoryFormat: memoryFormat ?? undefined,
    }) as Tensor;
  },

  newTensor(this: Tensor, data: TensorData, options: TensorOptions = {}): Tensor {
    requireNames(members.newTensor, options, tensorNames);
    return tensor(data, { dtype: this.dtype, device: this.device, ...options });
  },

  elementSize(this: Tensor): number {
    return this.itemsize;
  },

  nelement(this: Tensor): number {
    return this.numel();
  },

  isContiguous(this: Tensor, options: MemoryFormat | FormatOptions = {}): boolean {
    if (options instanceof MemoryFormat) return native.isContiguous(handleOf(this), options.code);
    requireNames(members.isContiguous, options, formatNames);
    const { memoryFormat } = options;
    return native.isContiguous(handleOf(this), (memoryFormat ?? contiguousFormat).code);
  },

  ndimension(this: Tensor): number {
    return this.dim();
  },

  cpu(this: Tensor, options: FormatOptions = {}): Tensor {
    requireNames(members.cpu, options, formatNames);
    return this.to({ device: 'cpu', ...options });
  },

  cuda(this: Tensor, device: DeviceLike | number = 'cuda'): Tensor {
    return this.to(typeof device === 'number' ? `cuda:${device}` : device);
  },

  item(this: Tensor): Item {
    return itemOf(this) as Item;
  },

  tolist(this: Tensor): NestedItems {
    return scope(() => nested(elements(this), this.shape, 0, 0));
  },

  typedArray(this: Tensor): TypedArray {
    if (this.requiresGrad && native.gradEnabled()) {
      throw new TorchError(
        "Can't call typedArray() on Tensor that requires grad. Use tensor.detach().typedArray() instead.",
      );
    }
    return arrayOver(this.dtype, native.bytes(handleOf(this)));
  },

  backward(this: Tensor, first: unknown = null, options: BackwardOptions = {}): void {
    if (first === null || isTensor(first)) {
      backward(this, first, options);
    } else {
      requireOptions(members.backward, first);
      const { gradient, ...others } = first as BackwardOptions & { gradient?: Tensor | null };
      backward(this, gradient, others);
    }
  },

  async backwardAsync(
    this: Tensor,
    options: BackwardOptions & { gradient?: Tensor | null } = {},
  ): Promise<void> {
    requireOptions(members.backwardAsync, options);
    const { gradient, ...others } = options;
    await backwardAsync(this, gradient, others);
  },

  async data(this: Tensor): Promise<TypedArray> {
    const { dtype } = this;
    return arrayOver(dtype, await native.bytesAsync(handleOf(this)));
  },

  registerHook(this: Tensor, hook: (gradient: Tensor) => Tensor | null | undefined): RemovableHandle {
    return registerHook(this, hook);
  },

  registerPostAccumulateGradHook(this: Tensor, hook: (tensor: Tensor) => void): RemovableHandle {
    return registerPostAccumulateGradHook(this, hook);
  },

  toString(this: Tensor): string {
    return tensorToString(this);
  },

  *[Symbol.iterator](this: Tensor): IterableIterator<Tensor> {
    if (this.dim() === 0) throw new TypeError('iteration over a 0-d tensor');
    yield* this.unbind(0);
  },

  [Symbol.for('nodejs.util.inspect.custom')](this: Tensor): string {
    return this.disposed ? 'Tensor(disposed)' : this.toString();
  },
};

for (const key of Reflect.ownKeys(members)) {
  const value = members[key as keyof typeof members];
  Object.defineProperty(Tensor.prototype, key, { value, writable: true, configurable: true });
}
