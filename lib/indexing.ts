// Python's x[...] as a method: integers, slices, ellipsis, new axes, booleans, tensors and nested arrays
// (torch/csrc/autograd/python_variable_indexing.cpp, ATen/TensorIndexing.h).

import { tensor } from './creation.js';
import { bool, type DType, int64, uint8 } from './dtype.js';
import { IndexError, ValueError } from './errors.js';
import { aten, operator } from './operators/ops.js';
import { isTensor, Tensor } from './tensor.js';

/** Python's `start:stop:step`; null is what was left out. */
export class Slice {
  constructor(
    readonly start: number | null,
    readonly stop: number | null,
    readonly step: number | null,
  ) {
    Object.freeze(this);
  }
}

/** `slice(stop)`, `slice(start, stop)`, `slice(start, stop, step)`, as in Python; `slice()` is all, Python's `:`. */
export function slice(stop?: number | null): Slice;
export function slice(start: number | null, stop: number | null, step?: number | null): Slice;
export function slice(first: number | null = null, stop?: number | null, step: number | null = null): Slice {
  return stop === undefined ? new Slice(null, first, step) : new Slice(first, stop, step);
}

class Ellipsis {
  declare protected readonly nominal: 'ellipsis';

  constructor() {
    Object.freeze(this);
  }
}

/** Python's `...`: as many whole dimensions as are left. */
export const ellipsis = new Ellipsis();
/** A new dimension of size 1: Python's None. */
export const newaxis = null;

export type NestedIndex = readonly (number | bigint | boolean | NestedIndex)[];

/** One place between the brackets of Python's x[...]. */
export type TensorIndex = number | bigint | boolean | null | Slice | Ellipsis | Tensor | NestedIndex;

/** A view of what integers, slices and new axes select, and the tensors that index it further. */
interface Sliced {
  view: Tensor;
  indices: (Tensor | null)[];
}

const isMask = ({ dtype }: Tensor) => dtype === bool || dtype === uint8;

function toTensor(index: NestedIndex): Tensor {
  const first = (value: unknown): unknown => (Array.isArray(value) ? first(value[0]) : value);
  const dtype: DType = typeof first(index) === 'boolean' ? bool : int64;
  return tensor(index as readonly number[], { dtype });
}

/** How many dimensions of the tensor a place uses up. */
function used(index: TensorIndex): number {
  if (isTensor(index)) return isMask(index) ? index.dim() : 1;
  return index === null || index instanceof Ellipsis || typeof index === 'boolean' ? 0 : 1;
}

/** Tries first: asking for the shape costs as much as half of selecting. */
function select(view: Tensor, dim: number, index: number, place: number): Tensor {
  try {
    return view.select(dim, index);
  } catch (error) {
    throw outside(view, dim, index, place) ?? error;
  }
}

/** What Python says of an integer that selects nothing. */
function outside({ shape }: Tensor, dim: number, index: number, place: number): IndexError | undefined {
  if (shape.length === 0) {
    return new IndexError(
      'invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in C++ to convert a 0-dim tensor to a number',
    );
  }
  const size = shape[dim] as number;
  if (index >= -size && index < size) return undefined;
  return new IndexError(`index ${index} is out of bounds for dimension ${place} with size ${size}`);
}

function cut(view: Tensor, dim: number, { start, stop, step }: Slice): Tensor {
  if (step === 0) throw new ValueError('slice step cannot be zero');
  if (step !== null && step < 0) throw new ValueError('step must be greater than zero');
  if (view.dim() === 0) throw new IndexError('slice() cannot be applied to a 0-dim tensor.');
  if ((start ?? 0) === 0 && (stop ?? view.size(dim)) === view.size(dim) && (step ?? 1) === 1) return view;
  return aten.slice(view, dim, start, stop, step ?? 1);
}

/** True keeps its new dimension, false empties it. */
function truth(value: boolean, { device }: Tensor): Tensor {
  return value ? aten.zeros([1], { dtype: int64, device }) : aten.empty([0], { dtype: int64, device });
}

function apply(self: Tensor, places: readonly TensorIndex[]): Sliced {
  const listed = places.map((place) => (Array.isArray(place) ? toTensor(place) : place)) as Exclude<
    TensorIndex,
    NestedIndex
  >[];
  const specified = listed.reduce((sum: number, place) => sum + used(place), 0);
  if (specified > self.dim()) {
    throw new IndexError(`too many indices for tensor of dimension ${self.dim()}`);
  }
  let view = self;
  let dim = 0;
  const indices: (Tensor | null)[] = [];
  const record = (index: Tensor) => {
    while (indices.length < dim) indices.push(null);
    indices[dim++] = index;
  };
  const recordTruth = (value: boolean) => {
    view = view.unsqueeze(dim);
    record(truth(value, view));
  };
  listed.forEach((index, place) => {
    if (typeof index === 'number' || typeof index === 'bigint') {
      if (!Number.isInteger(Number(index))) throw notAnIndex();
      view = select(view, dim, Number(index), place);
    } else if (index instanceof Slice) {
      view = cut(view, dim, index);
      dim++;
    } else if (index instanceof Ellipsis) {
      dim += self.dim() - specified;
    } else if (index === null) {
      view = view.unsqueeze(dim++);
    } else if (typeof index === 'boolean') {
      recordTruth(index);
    } else if (!isTensor(index)) {
      throw notAnIndex();
    } else if (index.dim() > 0 || (index.dtype.kind !== 'int' && index.dtype !== bool)) {
      record(index);
    } else if (isMask(index)) {
      recordTruth(Boolean(index.item()));
    } else {
      view = select(view, dim, Number(index.item()), place);
    }
  });
  return { view, indices };
}

function notAnIndex(): IndexError {
  return new IndexError(
    'only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices',
  );
}

const indexBy = operator('aten::index') as (self: Tensor, indices: (Tensor | null)[]) => Tensor;
const putBy = operator('aten::index_put_') as (
  self: Tensor,
  indices: (Tensor | null)[],
  values: Tensor,
  accumulate: boolean,
) => Tensor;

/** Sizes without the leading ones, which an assigned value may have too many of. */
function withoutLeadingOnes(shape: readonly number[]): readonly number[] {
  const first = shape.findIndex((size) => size !== 1);
  return first < 0 ? [] : shape.slice(first);
}

/** As Python's slice assignment: the value broadcasts to the view. */
function assign(view: Tensor, value: Tensor): void {
  if (value.dim() === 0) view.fill_(value);
  else if (value.shape.length === view.dim()) view.copy_(value);
  else view.copy_(value.view(withoutLeadingOnes(value.shape)).expand(view.shape));
}

interface Indexed {
  /**
   * Python's `x[a, b]` is `x.index(a, b)`: numbers, `slice(start, stop, step)`, `ellipsis`, null for a new axis,
   * booleans, integer and boolean tensors, nested arrays. Numbers and slices give views. An array that holds tensors,
   * slices or null, alone, is the list of places. Throws IndexError with PyTorch's texts.
   */
  index(...places: (TensorIndex | readonly (TensorIndex | undefined)[])[]): Tensor;
  /**
   * Python's `x[place] = value`, or `x[a, b] = value` for an array of places; `accumulate` adds up instead, also
   * where an index occurs twice. Gives this tensor.
   */
  indexPut_(
    places: TensorIndex | readonly (TensorIndex | undefined)[],
    values: Tensor | number | bigint | boolean,
    accumulate?: boolean | { accumulate?: boolean },
  ): this;
}

declare module './tensor.js' {
  interface Tensor extends Indexed {}
}

const members = {
  index(this: Tensor, ...places: TensorIndex[]): Tensor {
    const [first] = places;
    if (places.length === 1 && Number.isInteger(first)) return select(this, 0, first as number, 0);
    // One tensor is itself the list of indices, of whatever kind; 0-dim ones select.
    if (places.length === 1 && isTensor(first) && first.dim() > 0) {
      try {
        return indexBy(this, [first]);
      } catch (error) {
        // One of too many dimensions fails again below, in Python's words.
        if (first.dim() <= this.dim()) throw error;
      }
    }
    const alone = places.length === 1 && Array.isArray(first) && holdsPlaces(first);
    const { view, indices } = apply(
      this,
      (alone ? first : places).map((place) => place ?? null),
    );
    if (indices.length > 0) return indexBy(view, indices);
    return view === this ? aten.alias(view) : view;
  },

  indexPut_(
    this: Tensor,
    places: TensorIndex | TensorIndex[],
    values: Tensor | number,
    options: boolean | { accumulate?: boolean } = false,
  ): Tensor {
    const accumulate = typeof options === 'boolean' ? options : (options.accumulate ?? false);
    const listed = Array.isArray(places) ? places.map((place) => place ?? null) : [places];
    const { view, indices } = apply(this, listed as TensorIndex[]);
    const { dtype, device } = this;
    const value = isTensor(values) ? values : tensor(values, { dtype, device });
    if (indices.length > 0) {
      const sized = isTensor(values) ? value.view(withoutLeadingOnes(value.shape)) : value;
      putBy(view, indices, sized, accumulate);
    } else if (accumulate) {
      view.add_(value);
    } else {
      assign(view, value);
    }
    return this;
  },
};

/** Python takes a short list of such things for the places themselves. */
function holdsPlaces(list: readonly unknown[]): boolean {
  return (
    list.some(
      (item) =>
        item == null ||
        item instanceof Ellipsis ||
        item instanceof Slice ||
        isTensor(item) ||
        Array.isArray(item),
    ) && !list.every((item) => Array.isArray(item))
  );
}

for (const [name, value] of Object.entries(members)) {
  Object.defineProperty(Tensor.prototype, name, { value, writable: true, configurable: true });
}
