// Products of matrices in eight bits with scales of their own, and of groups of matrices.

import { bfloat16, type DType } from '../../dtype.js';
import { aten } from '../../operators/ops.js';
import { type Names, requireNames } from '../../options.js';
import type { Tensor } from '../../tensor.js';

/** What one number of a scale belongs to: the whole matrix, a row, or a block. */
export const ScalingType = Object.freeze({
  TensorWise: 0,
  RowWise: 1,
  BlockWise1x16: 2,
  BlockWise1x32: 3,
  BlockWise1x128: 4,
  BlockWise128x128: 5,
});
export type ScalingType = (typeof ScalingType)[keyof typeof ScalingType];

/** The order in which the scales lie in memory. */
export const SwizzleType = Object.freeze({ NO_SWIZZLE: 0, SWIZZLE_32_4_4: 1 });
export type SwizzleType = (typeof SwizzleType)[keyof typeof SwizzleType];

type OneOrMore<T> = T | readonly T[];

export interface ScaledMmOptions {
  swizzleA?: OneOrMore<SwizzleType> | null;
  swizzleB?: OneOrMore<SwizzleType> | null;
  bias?: Tensor | null;
  outputDtype?: DType | null;
  contractionDim?: readonly number[];
  useFastAccum?: boolean;
}

const scaledMmNames: Names<ScaledMmOptions> = {
  swizzleA: true,
  swizzleB: true,
  bias: true,
  outputDtype: true,
  contractionDim: true,
  useFastAccum: true,
};

function listed<T>(value: OneOrMore<T> | null | undefined): readonly T[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value : [value as T];
}

/** matA · matB, each times its scales: [m, k] · [k, n] → [m, n] in `outputDtype`. */
export function scaledMm(
  matA: Tensor,
  matB: Tensor,
  scaleA: OneOrMore<Tensor>,
  scaleRecipeA: OneOrMore<ScalingType>,
  scaleB: OneOrMore<Tensor>,
  scaleRecipeB: OneOrMore<ScalingType>,
  options: ScaledMmOptions = {},
): Tensor {
  requireNames(scaledMm, options, scaledMmNames);
  const { bias, outputDtype = bfloat16, contractionDim = [], useFastAccum = false } = options;
  return aten._scaledMmV2(
    matA,
    matB,
    listed(scaleA),
    listed(scaleRecipeA),
    listed(options.swizzleA),
    listed(scaleB),
    listed(scaleRecipeB),
    listed(options.swizzleB),
    bias ?? null,
    outputDtype,
    contractionDim,
    useFastAccum,
  );
}

export interface ScaledGroupedMmOptions extends ScaledMmOptions {
  offs?: Tensor | null;
}

const scaledGroupedMmNames: Names<ScaledGroupedMmOptions> = { ...scaledMmNames, offs: true };

/** scaledMm for each group; `offs` says where groups end that lie in one matrix. */
export function scaledGroupedMm(
  matA: Tensor,
  matB: Tensor,
  scaleA: OneOrMore<Tensor>,
  scaleRecipeA: OneOrMore<ScalingType>,
  scaleB: OneOrMore<Tensor>,
  scaleRecipeB: OneOrMore<ScalingType>,
  options: ScaledGroupedMmOptions = {},
): Tensor {
  requireNames(scaledGroupedMm, options, scaledGroupedMmNames);
  const { bias, offs, outputDtype = bfloat16, contractionDim = [], useFastAccum = false } = options;
  return aten._scaledGroupedMmV2(
    matA,
    matB,
    listed(scaleA),
    listed(scaleRecipeA),
    listed(options.swizzleA),
    listed(scaleB),
    listed(scaleRecipeB),
    listed(options.swizzleB),
    offs ?? null,
    bias ?? null,
    outputDtype,
    contractionDim,
    useFastAccum,
  );
}

export interface GroupedMmOptions {
  /** int32: where each group ends, of a matrix in which they lie one after another. */
  offs?: Tensor | null;
  bias?: Tensor | null;
  outDtype?: DType | null;
}

const groupedMmNames: Names<GroupedMmOptions> = { offs: true, bias: true, outDtype: true };

/** Products of groups of matrices: [g, m, k] · [g, k, n], or all rows in one matrix, cut by `offs`. */
export function groupedMm(matA: Tensor, matB: Tensor, options: GroupedMmOptions = {}): Tensor {
  requireNames(groupedMm, options, groupedMmNames);
  const { offs, bias, outDtype } = options;
  return aten._groupedMm(matA, matB, offs ?? null, bias ?? null, outDtype ?? null);
}
