import { checkAssigned, checkCalled } from './autograd/requires-grad.js';
import { type Device, device } from './device.js';
import { type DType, dtypeOf } from './dtype.js';
import { IndexError } from './errors.js';
import type { TensorMethods } from './generated/ops.js';
import { type Layout, layoutOf, sparseCoo } from './layout.js';
import { type Anchor, type Handle, native } from './native.js';
import { sizesFrom } from './operators/call-buffer.js';
import { record } from './tensor-trace.js';

/** What lets library code call Tensor's constructor. */
export const internal = Symbol('made by libtorch-node');

/** The handle of a Tensor, 0 for anything else: the brand check that `instanceof` is not. */
export let handleOf: (value: object) => Handle;
/** Hands over what owns the tensor, when it leaves its scope. */
export let giveAnchor: (tensor: Tensor, anchor: Anchor) => void;

/**
 * A tensor of libtorch. Every method-form operator is a method here under its camelCase name; operators.ts puts them
 * on the prototype, tensor-python.ts adds what Python writes by hand.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the operators are installed at load time
export class Tensor {
  #handle: Handle;
  #anchor: Anchor | undefined;
  #grad: Tensor | undefined;

  /** Not for callers: tensors come from `torch.tensor`, `torch.empty` and the operators. */
  constructor(made: symbol, handle: Handle, anchor?: Anchor) {
    if (made !== internal) {
      throw new TypeError('new Tensor() is not for callers: use torch.tensor(data) or torch.empty(size)');
    }
    this.#handle = handle;
    this.#anchor = anchor;
    record?.(handle);
  }

  static {
    // `instanceof` first: compiled code answers it inline, where the brand of objects of many kinds asks a cache.
    handleOf = (value) => (value instanceof Tensor && #handle in value ? value.#handle : 0);
    giveAnchor = (tensor, anchor) => {
      tensor.#anchor = anchor;
    };
  }

  /** The size of each dimension. */
  get shape(): number[] {
    return sizesFrom(native.sizes(this.#handle));
  }

  size(): number[];
  size(dim: number): number;
  size(dim?: number): number[] | number {
    const { shape } = this;
    return dim === undefined ? shape : at(shape, dim);
  }

  /** Elements to step over per dimension. */
  stride(): number[];
  stride(dim: number): number;
  stride(dim?: number): number[] | number {
    const strides = sizesFrom(native.strides(this.#handle));
    return dim === undefined ? strides : at(strides, dim);
  }

  storageOffset(): number {
    return native.storageOffset(this.#handle);
  }

  get dtype(): DType {
    return dtypeOf(native.dtype(this.#handle));
  }

  get device(): Device {
    return device(native.device(this.#handle));
  }

  get isCuda(): boolean {
    return this.device.type === 'cuda';
  }

  /** True for the COO layout. */
  get isSparse(): boolean {
    return this.layout === sparseCoo;
  }

  get layout(): Layout {
    return layoutOf(native.layout(this.#handle));
  }

  /** True for a list of tensors of different sizes in one (`torch.nested`); such a tensor has no `shape`. */
  get isNested(): boolean {
    return native.isNested(this.#handle);
  }

  get ndim(): number {
    return native.sizes(this.#handle);
  }

  dim(): number {
    return native.sizes(this.#handle);
  }

  numel(): number {
    return native.numel(this.#handle);
  }

  /** Bytes per element. */
  get itemsize(): number {
    return this.dtype.itemsize;
  }

  /** Bytes of all elements. */
  get nbytes(): number {
    return this.numel() * this.itemsize;
  }

  get requiresGrad(): boolean {
    return native.requiresGrad(this.#handle);
  }

  set requiresGrad(flag: boolean) {
    checkAssigned(this, flag);
    native.setRequiresGrad(this.#handle, flag);
  }

  requiresGrad_(requiresGrad = true): this {
    checkCalled(this, requiresGrad);
    native.setRequiresGrad(this.#handle, requiresGrad);
    return this;
  }

  /** The accumulated gradient, the same object each time; null before the first backward. */
  get grad(): Tensor | null {
    const known = this.#grad ? this.#grad.#handle : 0;
    const handle = native.grad(this.#handle, known);
    if (handle === 0) {
      this.#grad = undefined;
      return null;
    }
    if (handle !== known) this.#grad = new Tensor(internal, handle, native.anchor(handle));
    return this.#grad as Tensor;
  }

  set grad(gradient: Tensor | null) {
    native.setGrad(this.#handle, gradient === null ? 0 : requireHandle(gradient, 'grad'));
    this.#grad = gradient?.keep();
  }

  get isLeaf(): boolean {
    return native.isLeaf(this.#handle);
  }

  /** Keeps `grad` of a tensor that is no leaf. */
  retainGrad(): void {
    native.retainGrad(this.#handle);
  }

  /** The name of the node that made this tensor (`AddBackward0`), or null. */
  get gradFn(): string | null {
    return native.gradFnName(this.#handle) || null;
  }

  /** How often the memory was changed in place (`_version`). */
  get version(): number {
    return native.version(this.#handle);
  }

  /** Puts other data under this tensor, outside of autograd (Python's `x.data = data`). */
  setData(data: Tensor): void {
    native.setData(this.#handle, requireHandle(data, 'data'));
  }

  /** True when both are one tensor of libtorch; two objects may stand for the same one. */
  isSame(other: Tensor): boolean {
    return native.isSame(this.#handle, requireHandle(other, 'other'));
  }

  /** Takes the tensor out of every scope: it lives until it is disposed or collected. */
  keep(): this {
    if (this.#anchor === undefined) this.#anchor = native.anchor(this.#handle);
    return this;
  }

  /** Frees the tensor now; its storage goes when nothing else holds it. A later use throws TypeError. */
  dispose(): void {
    native.dispose(this.#handle);
  }

  get disposed(): boolean {
    return !native.isAlive(this.#handle);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

export interface Tensor extends TensorMethods {}

/** True for tensors of this copy of the library. */
export function isTensor(value: unknown): value is Tensor {
  return typeof value === 'object' && value !== null && handleOf(value) !== 0;
}

/** Throws TypeError for what is no Tensor. */
export function requireHandle(value: unknown, name: string): Handle {
  if (isTensor(value)) return handleOf(value);
  throw new TypeError(`${name} must be a Tensor, not ${value === null ? 'null' : typeof value}`);
}

/** A new JavaScript object for a handle that native code just made. */
export function wrap(handle: Handle): Tensor {
  return new Tensor(internal, handle, native.scopeOf(handle) === 0 ? native.anchor(handle) : undefined);
}

function at(sizes: number[], dim: number): number {
  const size = sizes[dim < 0 ? dim + sizes.length : dim];
  if (size !== undefined) return size;
  const range = Math.max(sizes.length, 1);
  throw new IndexError(
    `Dimension out of range (expected to be in range of [${-range}, ${range - 1}], but got ${dim})`,
  );
}
