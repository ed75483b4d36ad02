// How torch.masked sees a mask: what is masked out gets the value that does not change the operation's result.

import { bool, type DType, float32, type int64 } from '../dtype.js';
import { IndexError, NotImplementedError, TorchError, ValueError } from '../errors.js';
import type { Int, Ints } from '../generated/ops.js';
import { strided } from '../layout.js';
import { aten } from '../operators/ops.js';
import type { Names } from '../options.js';
import { float } from '../scalar.js';
import type { Tensor } from '../tensor.js';

export type Dims = Int | Ints | null;

export interface MaskedOptions {
  /** The result's dtype; by default the input's. */
  dtype?: DType | null;
  /** True where an element takes part; broadcast to the input. */
  mask?: Tensor | null;
}

export const maskedNames: Names<MaskedOptions> = { dtype: true, mask: true };

export interface ReductionOptions extends MaskedOptions {
  /** All dimensions by default. */
  dim?: Dims;
  keepdim?: boolean;
}

export const reductionNames: Names<ReductionOptions> = { ...maskedNames, dim: true, keepdim: true };

/** Sorted, non-negative dimensions. Throws IndexError and TorchError as Python does. */
export function canonicalDims(dim: Dims | undefined, ndim: number): number[] {
  if (dim === undefined || dim === null || (Array.isArray(dim) && dim.length === 0)) {
    return Array.from({ length: ndim }, (_, i) => i);
  }
  const range = Math.max(ndim, 1);
  const given = (Array.isArray(dim) ? (dim as Ints) : [dim as Int]).map(Number);
  given.forEach((d, i) => {
    if (given.indexOf(d) < i) throw new TorchError(`dim=${d} appears multiple times in the list of dims`);
    if (d >= range || d < -range) {
      throw new IndexError(
        `Dimension out of range (expected to be in range of [${-range}, ${range - 1}], but got ${d})`,
      );
    }
  });
  return given.map((d) => (d < 0 ? d + range : d)).sort((a, b) => a - b);
}

/** Throws for layouts other than strided: the sparse forms of torch.masked are not ported. */
export function requireStrided(name: string, ...inputs: Tensor[]): void {
  const other = inputs.find((input) => input.layout !== strided);
  if (other)
    throw new NotImplementedError(`masked ${name} expects strided tensor (got ${other.layout} tensor)`);
}

/** The mask as bools of the input's shape. */
export function inputMask(input: Tensor, mask: Tensor): Tensor {
  let full = mask;
  if (`${mask.shape}` !== `${input.shape}`) {
    if (mask.dim() > input.dim()) {
      throw new IndexError(
        '_input_mask expected broadcastable mask (got mask dimensionality higher than of the input)',
      );
    }
    full = aten.broadcastTo(mask.clone(), input.shape);
  }
  return full.to(bool);
}

/** [least, greatest] value of an integer dtype. */
function integerRange(dtype: typeof int64): [bigint, bigint] {
  const bits = BigInt(dtype.itemsize * 8);
  return dtype.name.startsWith('u')
    ? [0n, (1n << bits) - 1n]
    : [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n];
}

type Identity = (input: Tensor) => number | bigint;

function unlike(input: Tensor, name: string): never {
  throw new NotImplementedError(`identity of ${name} on ${input.dtype} input`);
}

function least(name: string): Identity {
  return ({ dtype }: Tensor) => {
    if (dtype.isFloatingPoint) return Number.NEGATIVE_INFINITY;
    return dtype.kind === 'int' ? integerRange(dtype)[0] : unlike({ dtype } as Tensor, name);
  };
}

function greatest(name: string): Identity {
  return ({ dtype }: Tensor) => {
    if (dtype.isFloatingPoint) return Number.POSITIVE_INFINITY;
    return dtype.kind === 'int' ? integerRange(dtype)[1] : unlike({ dtype } as Tensor, name);
  };
}

const identities: Record<string, Identity> = {
  sum: () => 0,
  prod: () => 1,
  amax: least('amax'),
  argmax: least('argmax'),
  logaddexp: least('logaddexp'),
  logsumexp: (input) => (input.dtype.isComplex ? Number.NEGATIVE_INFINITY : least('logsumexp')(input)),
  amin: greatest('amin'),
  argmin: greatest('argmin'),
  median: () => Number.NaN,
};

/** The input with the identity of `op` where the mask is false. */
export function fill(op: keyof typeof identities, input: Tensor, mask: Tensor | null | undefined): Tensor {
  if (!mask) return input;
  return fillWith((identities[op] as Identity)(input), input, mask);
}

/** A value of a dtype: masked median looks at floats. */
export function fillWith(value: number | bigint, input: Tensor, mask: Tensor): Tensor {
  const { dtype, device } = input;
  const scalar = typeof value === 'number' ? float(value) : value;
  return aten.where(inputMask(input, mask), input, aten.full([], scalar, { dtype, device }));
}

/** Where integers are summed: in int64, as PyTorch does. */
export function sumDtype(input: Tensor, wide: DType): DType {
  const { dtype } = input;
  return dtype.kind === 'bool' || (dtype.kind === 'int' && dtype.itemsize < 8) ? wide : dtype;
}

export function requireFloat(dtype: DType, source: string): void {
  if (dtype.isFloatingPoint || dtype.isComplex) return;
  throw new ValueError(
    `mean(): Could not infer output dtype. ${source} dtype must be either a floating point or complex dtype. ` +
      `Got: ${dtype}`,
  );
}

/** What variances are computed in. */
export const floatOf = (dtype: DType): DType => (dtype.isFloatingPoint || dtype.isComplex ? dtype : float32);
