import { aten } from '../operators/ops.js';
import { type Names, requireNames } from '../options.js';
import type { Tensor } from '../tensor.js';

export interface UniqueConsecutiveOptions {
  /** Also where each element of the input is in the output. */
  returnInverse?: boolean;
  /** Also how often each element of the output occurs. */
  returnCounts?: boolean;
  /** Compares slices along it; all elements, flat, if not given. */
  dim?: number | null;
}

const uniqueConsecutiveNames: Names<UniqueConsecutiveOptions> = {
  returnInverse: true,
  returnCounts: true,
  dim: true,
};

export interface UniqueOptions extends UniqueConsecutiveOptions {
  sorted?: boolean;
}

const uniqueNames: Names<UniqueOptions> = { ...uniqueConsecutiveNames, sorted: true };

function asked(
  [output, inverse, counts]: readonly Tensor[],
  { returnInverse, returnCounts }: UniqueConsecutiveOptions,
): Tensor | Tensor[] {
  const others = [returnInverse ? inverse : undefined, returnCounts ? counts : undefined];
  const wanted = others.filter((tensor) => tensor !== undefined);
  return wanted.length === 0 ? (output as Tensor) : [output as Tensor, ...wanted];
}

/** An array where more is asked for, one tensor otherwise. */
export type Found<Options> = Options extends { returnInverse: true } | { returnCounts: true }
  ? Tensor[]
  : Tensor;

/** The distinct elements, sorted; an array where inverse or counts are asked for. */
export function unique<Options extends UniqueOptions = object>(
  input: Tensor,
  options?: Options,
): Found<Options> {
  requireNames<UniqueOptions>(unique, options, uniqueNames);
  const { sorted = true, returnInverse = false, returnCounts = false, dim }: UniqueOptions = options ?? {};
  const found =
    dim == null
      ? aten._unique2(input, sorted, returnInverse, returnCounts)
      : aten.uniqueDim(input, dim, sorted, returnInverse, returnCounts);
  return asked(found, { returnInverse, returnCounts }) as Found<Options>;
}

/** Runs of equal elements become one; an array where inverse or counts are asked for. */
export function uniqueConsecutive<Options extends UniqueConsecutiveOptions = object>(
  input: Tensor,
  options?: Options,
): Found<Options> {
  requireNames<UniqueConsecutiveOptions>(uniqueConsecutive, options, uniqueConsecutiveNames);
  const { returnInverse = false, returnCounts = false, dim }: UniqueConsecutiveOptions = options ?? {};
  const found = aten.uniqueConsecutive(input, returnInverse, returnCounts, dim ?? null);
  return asked(found, { returnInverse, returnCounts }) as Found<Options>;
}
