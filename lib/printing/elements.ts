// The elements of a tensor that are printed: all of them, or the edges of each dimension.

import { float64, int64 } from '../dtype.js';
import { aten } from '../operators/ops.js';
import type { Tensor } from '../tensor.js';

export interface PrintedElements {
  /** What is shown of each dimension. */
  sizes: number[];
  /** Which dimensions have a gap in their middle. */
  cut: boolean[];
  /** Row-major; for a complex tensor real and imaginary parts in turn. */
  values: Float64Array | BigInt64Array;
}

/** A view of the first and last `count` elements of every longer dimension: nothing else is copied. */
function edges(tensor: Tensor, sizes: readonly number[], cut: readonly boolean[], count: number): Tensor {
  const strides = tensor.stride();
  const viewSizes: number[] = [];
  const viewStrides: number[] = [];
  sizes.forEach((size, dim) => {
    const stride = strides[dim] as number;
    if (cut[dim]) {
      viewSizes.push(2, count);
      viewStrides.push((size - count) * stride, stride);
    } else {
      viewSizes.push(size);
      viewStrides.push(stride);
    }
  });
  return aten.asStrided(tensor, viewSizes, viewStrides, tensor.storageOffset());
}

/** `edgeitems` Infinity: everything. The tensor must be dense; float, complex, integer and bool dtypes. */
export function printedElements(tensor: Tensor, edgeitems: number): PrintedElements {
  const { shape, dtype } = tensor;
  const cut = shape.map((size) => size > 2 * edgeitems);
  let shown = tensor.detach();
  if (shown._isZerotensor()) shown = shown.clone();
  if (cut.includes(true)) shown = edges(shown, shape, cut, edgeitems);
  // Conjugation and negation may be bits of the view that are not yet in memory.
  shown = dtype.isComplex ? aten.viewAsReal(shown.resolveConj().resolveNeg()) : shown.resolveNeg();
  const wide = dtype.isComplex || dtype.isFloatingPoint ? float64 : int64;
  return {
    sizes: shape.map((size, dim) => (cut[dim] ? 2 * edgeitems : size)),
    cut,
    values: shown.to('cpu', wide).contiguous().typedArray() as Float64Array | BigInt64Array,
  };
}
