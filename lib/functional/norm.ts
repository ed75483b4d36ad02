import type { DType } from '../dtype.js';
import { TorchError, ValueError } from '../errors.js';
import { strided } from '../layout.js';
import { isOptions } from '../operators/arguments.js';
import { aten } from '../operators/ops.js';
import { type Names, requireNames } from '../options.js';
import { float } from '../scalar.js';
import type { Tensor } from '../tensor.js';

const order = ['p', 'dim', 'keepdim', 'out', 'dtype'] as const;

export interface NormOptions {
  /** A number, 'fro' or 'nuc'. */
  p?: number | 'fro' | 'nuc' | null;
  dim?: number | readonly number[] | null;
  keepdim?: boolean;
  out?: Tensor | null;
  dtype?: DType | null;
}

const normNames: Names<NormOptions> = { p: true, dim: true, keepdim: true, out: true, dtype: true };

/** In Python's order, and from any of them on by name. */
export type NormArguments = [
  p?: NormOptions | NormOptions['p'],
  dim?: NormOptions | NormOptions['dim'],
  keepdim?: NormOptions | boolean,
  out?: NormOptions | Tensor | null,
  dtype?: DType | null,
];

/** Vector and matrix norms as torch.norm has them; torch.linalg.vectorNorm and matrixNorm are the newer ones. */
export function norm(input: Tensor, ...args: NormArguments): Tensor {
  const options: NormOptions = Object.assign(
    {},
    ...args.map((value, i) => (isOptions(value) ? value : { [order[i] as string]: value })),
  );
  requireNames(norm, options, normNames);
  const { p = 'fro', dim, keepdim = false, out, dtype } = options;
  const dims = typeof dim === 'number' ? [dim] : (dim ?? null);
  if (input.layout !== strided) return sparseNorm(input, dims, options);
  const named = out ? { dtype, out } : { dtype };
  if (typeof p !== 'string') return aten.linalgVectorNorm(input, p ?? float(2), dims, keepdim, named);
  if (p === 'fro' && (dims === null || dims.length <= 2)) {
    return aten.linalgVectorNorm(input, 2, dims, keepdim, named);
  }
  return aten.linalgMatrixNorm(input, p, dims ?? all(input), keepdim, named);
}

const all = (input: Tensor) => Array.from({ length: input.dim() }, (_, i) => i);

function sparseNorm(input: Tensor, dims: readonly number[] | null, options: NormOptions): Tensor {
  const { p = 'fro', keepdim = false, dtype } = options;
  if (typeof p !== 'string') return aten.norm(input, p, dims ?? all(input), { keepdim });
  if (p !== 'fro' && p !== 'nuc') {
    throw new TorchError(`only valid string values are 'fro' and 'nuc', found ${p}`);
  }
  if (dtype) {
    throw new ValueError(`dtype argument is not supported in ${p === 'fro' ? 'frobenius' : 'nuclear'} norm`);
  }
  if (p === 'fro') return aten.frobeniusNorm(input, dims ?? [], keepdim);
  return dims ? aten.nuclearNorm(input, dims, keepdim) : aten.nuclearNorm(input, keepdim);
}
