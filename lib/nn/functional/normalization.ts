import { cudnn } from '../../backends.js';
import { TorchError, ValueError } from '../../errors.js';
import { norm } from '../../functional/norm.js';
import { scope } from '../../memory.js';
import { aten } from '../../operators/ops.js';
import { type Names, requireNames } from '../../options.js';
import { floorDiv } from '../../python-number.js';
import { sizeText, valueText } from '../../python-text.js';
import { float } from '../../scalar.js';
import type { Tensor } from '../../tensor.js';

interface Affine {
  weight?: Tensor | null;
  bias?: Tensor | null;
  eps?: number;
}

const affineNames: Names<Affine> = { weight: true, bias: true, eps: true };

export interface BatchNormOptions extends Affine {
  training?: boolean;
  momentum?: number;
}

const batchNormNames: Names<BatchNormOptions> = { ...affineNames, training: true, momentum: true };

const product = (sizes: readonly number[]) => sizes.reduce((all, size) => all * size, 1);

function checkBatch(shape: readonly number[], text: string): void {
  const [batch = 1, , ...spatial] = shape;
  if (batch * product(spatial) === 1) {
    throw new ValueError(`Expected more than 1 value per channel when training, got input size ${text}`);
  }
}

/** Normalises each channel, by the batch's statistics in training (then the running ones are updated in place). */
export function batchNorm(
  input: Tensor,
  runningMean: Tensor | null,
  runningVar: Tensor | null,
  options: BatchNormOptions = {},
): Tensor {
  requireNames(batchNorm, options, batchNormNames);
  const { weight = null, bias = null, training = false, momentum = 0.1, eps = 1e-5 } = options;
  if (training) {
    checkBatch(input.shape, sizeText(input.shape));
    if (eps <= 0) {
      throw new ValueError(`batch_norm eps must be positive during training, but got ${valueText(eps)}`);
    }
  }
  if (eps < 0) throw new ValueError(`batch_norm eps must be non-negative, but got ${valueText(eps)}`);
  return aten.batchNorm(input, weight, bias, runningMean, runningVar, training, momentum, eps, cudnn.enabled);
}

export interface InstanceNormOptions extends Affine {
  runningMean?: Tensor | null;
  runningVar?: Tensor | null;
  /** Statistics of the input, not the running ones. */
  useInputStats?: boolean;
  momentum?: number;
}

const instanceNormNames: Names<InstanceNormOptions> = {
  ...affineNames,
  runningMean: true,
  runningVar: true,
  useInputStats: true,
  momentum: true,
};

/** Normalises each channel of each sample (Ulyanov et al. 2016). */
export function instanceNorm(input: Tensor, options: InstanceNormOptions = {}): Tensor {
  requireNames(instanceNorm, options, instanceNormNames);
  const { runningMean, runningVar, weight, bias } = options;
  const { useInputStats = true, momentum = 0.1, eps = 1e-5 } = options;
  if (useInputStats && product(input.shape.slice(2)) === 1) {
    throw new ValueError(
      `Expected more than 1 spatial element when training, got input size ${sizeText(input.shape)}`,
    );
  }
  return aten.instanceNorm(
    input,
    weight ?? null,
    bias ?? null,
    runningMean ?? null,
    runningVar ?? null,
    useInputStats,
    momentum,
    eps,
    cudnn.enabled,
  );
}

/** Normalises over the last dimensions, whose sizes are `normalizedShape` (Ba et al. 2016). */
export function layerNorm(input: Tensor, normalizedShape: readonly number[], options: Affine = {}): Tensor {
  requireNames(layerNorm, options, affineNames);
  const { weight, bias, eps = 1e-5 } = options;
  return aten.layerNorm(input, normalizedShape, weight ?? null, bias ?? null, eps, cudnn.enabled);
}

export interface RmsNormOptions {
  weight?: Tensor | null;
  /** The dtype's epsilon, if not given. */
  eps?: number | null;
}

const rmsNormNames: Names<RmsNormOptions> = { weight: true, eps: true };

/** Divides by the root of the mean square over the last dimensions. */
export function rmsNorm(
  input: Tensor,
  normalizedShape: readonly number[],
  options: RmsNormOptions = {},
): Tensor {
  requireNames(rmsNorm, options, rmsNormNames);
  const { weight, eps } = options;
  return aten.rmsNorm(input, normalizedShape, weight ?? null, eps ?? null);
}

/** Normalises each group of channels of each sample (Wu & He 2018). */
export function groupNorm(input: Tensor, numGroups: number, options: Affine = {}): Tensor {
  requireNames(groupNorm, options, affineNames);
  const { weight, bias, eps = 1e-5 } = options;
  const { shape } = input;
  if (shape.length < 2) {
    throw new TorchError(`Expected at least 2 dimensions for input tensor but received ${shape.length}`);
  }
  const [batch, channels, ...spatial] = shape as [number, number, ...number[]];
  const grouped = [floorDiv(batch * channels, numGroups), numGroups, ...spatial];
  checkBatch(grouped, valueText(grouped));
  return aten.groupNorm(input, numGroups, weight ?? null, bias ?? null, eps, cudnn.enabled);
}

export interface LocalResponseNormOptions {
  alpha?: number;
  beta?: number;
  k?: number;
}

const localResponseNormNames: Names<LocalResponseNormOptions> = { alpha: true, beta: true, k: true };

/** Divides by the energy of `size` neighbouring channels (Krizhevsky et al. 2012). */
export function localResponseNorm(
  input: Tensor,
  size: number,
  options: LocalResponseNormOptions = {},
): Tensor {
  requireNames(localResponseNorm, options, localResponseNormNames);
  const { alpha = 1e-4, beta = 0.75, k = 1 } = options;
  const { shape } = input;
  if (shape.length < 3) {
    const gap = ' '.repeat(25); // Python's text is broken over two lines of its source
    throw new ValueError(`Expected 3D or higher dimensionality ${gap}input (got ${shape.length} dimensions)`);
  }
  if (input.numel() === 0) return input;
  const [before, after] = [floorDiv(size, 2), floorDiv(size - 1, 2)];
  return scope(() => {
    const squares = input.mul(input);
    const energy = () => {
      if (shape.length === 3) {
        const padded = aten.pad(squares.unsqueeze(1), [0, 0, before, after]);
        return aten.avgPool2d(padded, [size, 1], { stride: 1 }).squeeze(1);
      }
      const folded = squares.view([shape[0] as number, 1, shape[1] as number, shape[2] as number, -1]);
      const padded = aten.pad(folded, [0, 0, 0, 0, before, after]);
      return aten.avgPool3d(padded, [size, 1, 1], { stride: 1 }).squeeze(1).view(shape);
    };
    return input.div(energy().mul(alpha).add(float(k)).pow(beta));
  });
}

export interface NormalizeOptions {
  p?: number;
  dim?: number | readonly number[];
  eps?: number;
  out?: Tensor | null;
}

const normalizeNames: Names<NormalizeOptions> = { p: true, dim: true, eps: true, out: true };

/** Divides by the p-norm along `dim`, or by eps where that is larger. */
export function normalize(input: Tensor, options: NormalizeOptions = {}): Tensor {
  requireNames(normalize, options, normalizeNames);
  const { p = 2, dim = 1, eps = 1e-12, out } = options;
  return scope(() => {
    const length = norm(input, { p, dim, keepdim: true });
    if (out) return aten.div(input, length.clampMin_(eps).expandAs(input), { out });
    return input.div(length.clampMin(eps).expandAs(input));
  });
}
