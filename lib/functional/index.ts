// torch.functional: what Python writes around operators of the same name.

import { tensor } from '../creation.js';
import { int64 } from '../dtype.js';
import { TorchError, ValueError } from '../errors.js';
import type { Int } from '../generated/ops.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { requireNames } from '../options.js';
import { valueText } from '../python-text.js';
import { isTensor, type Tensor } from '../tensor.js';

type Tensors = readonly Tensor[];

/** The tensors of `f(a, b)` and of `f([a, b])`. */
function listed(tensors: readonly (Tensor | Tensors)[]): Tensors {
  const [first] = tensors;
  return tensors.length === 1 && !isTensor(first) ? (first as Tensors) : (tensors as Tensors);
}

/** A sparse matrix times a dense one; `mm` takes both. */
export const spmm = aten.mm;

/** Sums products over named indices: `einsum('ij,jk->ik', a, b)`; operands also as one array. */
export function einsum(equation: string, ...operands: (Tensor | Tensors)[]): Tensor {
  return aten.einsum(equation, listed(operands));
}

/** Contracts the last `dims` dimensions of `a` with the first of `b`, or the dimensions of two lists. */
export function tensordot(
  a: Tensor,
  b: Tensor,
  options: { dims?: number | readonly (readonly number[])[] | Tensor; out?: Tensor | null } = {},
): Tensor {
  requireNames(tensordot, options, { dims: true, out: true });
  const { dims = 2, out } = options;
  const [ofA, ofB] = contracted(a, b, dims);
  return aten.tensordot(a, b, ofA, ofB, out ? { out } : {});
}

function contracted(a: Tensor, b: Tensor, dims: unknown): [number[], number[]] {
  if (isTensor(dims)) return contracted(a, b, dims.numel() > 1 ? dims.tolist() : Number(dims.item()));
  if (Array.isArray(dims)) return dims as [number[], number[]];
  if (typeof dims !== 'number') {
    throw new TorchError(
      `tensordot expects dims to be int or tuple[list[int], list[int]] or list[list[int]] containing two lists, but got dims=${valueText(dims)}`,
    );
  }
  if (dims < 0) throw new TorchError(`tensordot expects dims >= 0, but got dims=${dims}`);
  if (dims > Math.min(a.dim(), b.dim())) {
    throw new TorchError(`tensordot expects dims < ndim_a or ndim_b, but got dims=${dims}`);
  }
  return [Array.from({ length: dims }, (_, i) => i - dims), Array.from({ length: dims }, (_, i) => i)];
}

/** Coordinate grids of one-dimensional tensors; 'ij' is the order of matrices, 'xy' that of plots. */
export function meshgrid(
  ...args: [...(Tensor | Tensors)[], { indexing?: 'ij' | 'xy' | null }] | (Tensor | Tensors)[]
): Tensor[] {
  const last = args.at(-1);
  const named = last !== undefined && !isTensor(last) && !Array.isArray(last);
  const tensors = listed((named ? args.slice(0, -1) : args) as (Tensor | Tensors)[]);
  const options = (named ? last : {}) as { indexing?: 'ij' | 'xy' | null };
  requireNames(meshgrid, options, { indexing: true });
  const { indexing } = options;
  return indexing == null ? aten.meshgrid(tensors) : aten.meshgrid(tensors, { indexing });
}

/** A block-diagonal matrix of matrices, rows and numbers. */
export function blockDiag(...tensors: (Tensor | Tensors)[]): Tensor {
  return aten.blockDiag(listed(tensors));
}

/** All combinations of the elements of one-dimensional tensors, one per row. */
export function cartesianProd(...tensors: (Tensor | Tensors)[]): Tensor {
  return aten.cartesianProd(listed(tensors));
}

/** At least one dimension; several tensors give an array. */
export function atleast1d(tensor: Tensor): Tensor;
export function atleast1d(...tensors: (Tensor | Tensors)[]): Tensor[];
export function atleast1d(...tensors: (Tensor | Tensors)[]): Tensor | Tensor[] {
  return isTensor(tensors[0]) && tensors.length === 1
    ? aten.atleast1d(tensors[0])
    : aten.atleast1d(listed(tensors));
}

/** At least two dimensions; several tensors give an array. */
export function atleast2d(tensor: Tensor): Tensor;
export function atleast2d(...tensors: (Tensor | Tensors)[]): Tensor[];
export function atleast2d(...tensors: (Tensor | Tensors)[]): Tensor | Tensor[] {
  return isTensor(tensors[0]) && tensors.length === 1
    ? aten.atleast2d(tensors[0])
    : aten.atleast2d(listed(tensors));
}

/** At least three dimensions; several tensors give an array. */
export function atleast3d(tensor: Tensor): Tensor;
export function atleast3d(...tensors: (Tensor | Tensors)[]): Tensor[];
export function atleast3d(...tensors: (Tensor | Tensors)[]): Tensor | Tensor[] {
  return isTensor(tensors[0]) && tensors.length === 1
    ? aten.atleast3d(tensors[0])
    : aten.atleast3d(listed(tensors));
}

const cdistModes = new Map<string, number | null>([
  ['use_mm_for_euclid_dist_if_necessary', null],
  ['use_mm_for_euclid_dist', 1],
  ['donot_use_mm_for_euclid_dist', 2],
]);

export interface CdistOptions {
  p?: number;
  computeMode?:
    | 'use_mm_for_euclid_dist_if_necessary'
    | 'use_mm_for_euclid_dist'
    | 'donot_use_mm_for_euclid_dist';
}

/** The p-norm distances of all rows of x1 [..., P, M] to those of x2 [..., R, M]: [..., P, R]. */
export function cdist(x1: Tensor, x2: Tensor, p: number | CdistOptions = {}): Tensor {
  const named = typeof p === 'number' ? { p } : p;
  requireNames(cdist, named, { p: true, computeMode: true });
  const { computeMode = 'use_mm_for_euclid_dist_if_necessary' } = named;
  const mode = cdistModes.get(computeMode);
  if (mode === undefined) throw new ValueError(`${computeMode} is not a valid value for compute_mode`);
  return aten.cdist(x1, x2, named.p ?? 2, mode);
}

/** Where elements are not zero: [count, dimensions], or one index tensor per dimension. */
export function nonzero(input: Tensor, options: { asTuple: true }): Tensor[];
export function nonzero(input: Tensor, options?: { asTuple?: false; out?: Tensor | null }): Tensor;
export function nonzero(
  input: Tensor,
  options: { asTuple?: boolean; out?: Tensor | null } = {},
): Tensor | Tensor[] {
  requireNames(nonzero, options, { asTuple: true, out: true });
  const { asTuple = false, out } = options;
  if (out && !isTensor(out)) throw new TypeError("nonzero(): argument 'out' must be Tensor, not tuple");
  if (asTuple) return aten.nonzeroNumpy(input);
  return aten.nonzero(input, out ? { out } : {});
}

/** Coordinates in an array of that shape for flat indices, one tensor per dimension. */
export function unravelIndex(indices: Tensor, shape: Int | readonly Int[]): Tensor[] {
  const { dtype, device } = indices;
  if (dtype.kind !== 'int') {
    throw new TypeError(`expected 'indices' to be integer dtype, but got ${dtype}`);
  }
  const sizes = Array.isArray(shape) ? (shape as Int[]).map(BigInt) : [BigInt(shape as Int)];
  if (sizes.some((size) => size < 0n)) {
    throw new ValueError(`'shape' cannot have negative values, but got (${sizes.join(', ')})`);
  }
  const steps = sizes.map((_, dim) => sizes.slice(dim + 1).reduce((product, size) => product * size, 1n));
  return scope(() => {
    const row = (values: bigint[]) => tensor(values, { dtype: int64, device });
    return indices.unsqueeze(-1).floorDivide(row(steps)).remainder(row(sizes)).unbind(-1);
  });
}
