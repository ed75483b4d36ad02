// torch.sparse: operators that take and give sparse tensors.

import type { DType } from './dtype.js';
import { aten } from './operators/ops.js';
import { requireNames } from './options.js';
import type { Tensor } from './tensor.js';

/** sparse [m, k] × [k, n]; `reduce` ('sum', 'mean', 'amax', 'amin') for CSR. */
export function mm(mat1: Tensor, mat2: Tensor, reduce?: string): Tensor {
  return reduce === undefined ? aten._sparseMm(mat1, mat2) : aten._sparseMm(mat1, mat2, reduce);
}

export const sampledAddmm = aten.sparseSampledAddmm;
export const addmm = aten._sparseAddmm;

export function softmax(input: Tensor, dim: number, options: { dtype?: DType | null } = {}): Tensor {
  requireNames(softmax, options, { dtype: true });
  const { dtype } = options;
  return aten._sparseSoftmax(input, dim, dtype ?? null);
}

export function logSoftmax(input: Tensor, dim: number, options: { dtype?: DType | null } = {}): Tensor {
  requireNames(logSoftmax, options, { dtype: true });
  const { dtype } = options;
  return aten._sparseLogSoftmax(input, dim, dtype ?? null);
}
