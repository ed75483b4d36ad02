// Averages over windows; maxima are in max-pooling.ts.

import { scope } from '../../memory.js';
import { aten } from '../../operators/ops.js';
import { type Names, requireNames } from '../../options.js';
import { float } from '../../scalar.js';
import type { Tensor } from '../../tensor.js';
import { maxPool1d, maxPool2d, maxPool3d } from './max-pooling.js';
import { type OutputSize, outputSizes } from './output-size.js';

export const { adaptiveAvgPool1d, avgPool1d, avgPool2d, avgPool3d } = aten;

export function adaptiveAvgPool2d(input: Tensor, outputSize: OutputSize): Tensor {
  return aten.adaptiveAvgPool2d(input, outputSizes(outputSize, input.shape));
}

export function adaptiveAvgPool3d(input: Tensor, outputSize: OutputSize): Tensor {
  return aten.adaptiveAvgPool3d(input, outputSizes(outputSize, input.shape));
}

export interface LpPoolOptions {
  stride?: number | readonly number[] | null;
  ceilMode?: boolean;
}

const lpPoolNames: Names<LpPoolOptions> = { stride: true, ceilMode: true };

type Sizes = number | readonly number[];
type Max = typeof maxPool1d;
type Average = typeof aten.avgPool2d;

/** Power-average pooling: the p-norm over each window; infinite p takes the maximum or minimum of |x|. */
function lpPool(dims: number, max: Max, average: Average) {
  const owner = { name: `lpPool${dims}d` };
  return (input: Tensor, normType: number, kernelSize: Sizes, options: LpPoolOptions = {}): Tensor => {
    requireNames(owner, options, lpPoolNames);
    const { stride, ceilMode = false } = options;
    return scope(() => {
      if (normType === Infinity) return max(input.abs(), kernelSize, { stride, ceilMode });
      if (normType === -Infinity) return max(input.abs().neg(), kernelSize, { stride, ceilMode }).neg();
      const out = average(input.pow(float(normType)), kernelSize, stride ?? [], 0, { ceilMode });
      const sizes = typeof kernelSize === 'number' ? new Array<number>(dims).fill(kernelSize) : kernelSize;
      const count = sizes.reduce((product, size) => product * size, 1);
      return out
        .sign()
        .mul(out.abs().relu())
        .mul(count)
        .pow(float(1 / normType));
    });
  };
}

export const lpPool1d = lpPool(1, maxPool1d, aten.avgPool1d as Average);
export const lpPool2d = lpPool(2, maxPool2d, aten.avgPool2d);
export const lpPool3d = lpPool(3, maxPool3d, aten.avgPool3d as Average);
