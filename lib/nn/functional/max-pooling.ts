import { ValueError } from '../../errors.js';
import { aten } from '../../operators/ops.js';
import { type Names, requireNames } from '../../options.js';
import type { Tensor } from '../../tensor.js';
import { type OutputSize, outputSizes } from './output-size.js';

type Sizes = number | readonly number[];

export interface MaxPoolOptions {
  /** The kernel size, if not given. */
  stride?: Sizes | null;
  padding?: Sizes;
  dilation?: Sizes;
  ceilMode?: boolean;
}

const maxPoolNames: Names<MaxPoolOptions> = { stride: true, padding: true, dilation: true, ceilMode: true };

/** Asks for the maxima's places too, as indices into each plane. */
export interface WithIndices {
  returnIndices: true;
}

const withIndicesNames: Names<WithIndices> = { returnIndices: true };

type Values = [values: Tensor, indices: Tensor];

/** Python's functions with `return_indices`: a Tensor, or [values, indices] where that is true. */
interface MaxPool {
  (input: Tensor, kernelSize: Sizes, options: MaxPoolOptions & WithIndices): Values;
  (input: Tensor, kernelSize: Sizes, options?: MaxPoolOptions & { returnIndices?: false }): Tensor;
}

type Kernel<R> = (
  input: Tensor,
  kernelSize: Sizes,
  stride: Sizes,
  padding: Sizes,
  dilation: Sizes,
  ceil: boolean,
) => R;

const maxPoolOrIndicesNames = { ...maxPoolNames, ...withIndicesNames };

function maxPool(name: string, values: Kernel<Tensor>, withIndices: Kernel<Values>): MaxPool {
  const owner = { name };
  function pool(
    input: Tensor,
    kernelSize: Sizes,
    options: MaxPoolOptions & { returnIndices?: boolean } = {},
  ) {
    requireNames(owner, options, maxPoolOrIndicesNames);
    const { stride, padding = 0, dilation = 1, ceilMode = false, returnIndices = false } = options;
    const kernel: Kernel<Tensor | Values> = returnIndices ? withIndices : values;
    return kernel(input, kernelSize, stride ?? [], padding, dilation, ceilMode);
  }
  return pool as MaxPool;
}

export const maxPool1d = maxPool('maxPool1d', aten.maxPool1d, aten.maxPool1dWithIndices as Kernel<Values>);
export const maxPool2d = maxPool('maxPool2d', aten.maxPool2d, aten.maxPool2dWithIndices as Kernel<Values>);
export const maxPool3d = maxPool('maxPool3d', aten.maxPool3d, aten.maxPool3dWithIndices as Kernel<Values>);

type PoolWithIndices = (input: Tensor, kernelSize: Sizes, options?: MaxPoolOptions) => Values;

function alwaysWithIndices(name: string, pool: MaxPool): PoolWithIndices {
  const owner = { name };
  return (input, kernelSize, options) => {
    requireNames(owner, options, maxPoolNames);
    return pool(input, kernelSize, { ...options, returnIndices: true });
  };
}

export const maxPool1dWithIndices = alwaysWithIndices('maxPool1dWithIndices', maxPool1d);
export const maxPool2dWithIndices = alwaysWithIndices('maxPool2dWithIndices', maxPool2d);
export const maxPool3dWithIndices = alwaysWithIndices('maxPool3dWithIndices', maxPool3d);

interface AdaptiveMaxPool {
  (input: Tensor, outputSize: OutputSize, options: WithIndices): Values;
  (input: Tensor, outputSize: OutputSize, options?: { returnIndices?: false }): Tensor;
}

function adaptiveMaxPool(name: string, kernel: (input: Tensor, size: Sizes) => Values): AdaptiveMaxPool {
  const owner = { name };
  function pool(input: Tensor, outputSize: OutputSize, options: { returnIndices?: boolean } = {}) {
    requireNames(owner, options, withIndicesNames);
    const { returnIndices = false } = options;
    const [values, indices] = kernel(input, outputSizes(outputSize, input.shape));
    if (returnIndices) return [values, indices];
    indices.dispose();
    return values;
  }
  return pool as AdaptiveMaxPool;
}

export const adaptiveMaxPool1d = adaptiveMaxPool('adaptiveMaxPool1d', aten.adaptiveMaxPool1d);
export const adaptiveMaxPool2d = adaptiveMaxPool('adaptiveMaxPool2d', aten.adaptiveMaxPool2d);
export const adaptiveMaxPool3d = adaptiveMaxPool('adaptiveMaxPool3d', aten.adaptiveMaxPool3d);

function adaptiveWithIndices(pool: AdaptiveMaxPool): (input: Tensor, outputSize: OutputSize) => Values {
  return (input, outputSize) => pool(input, outputSize, { returnIndices: true });
}

export const adaptiveMaxPool1dWithIndices = adaptiveWithIndices(adaptiveMaxPool1d);
export const adaptiveMaxPool2dWithIndices = adaptiveWithIndices(adaptiveMaxPool2d);
export const adaptiveMaxPool3dWithIndices = adaptiveWithIndices(adaptiveMaxPool3d);

export interface FractionalMaxPoolOptions {
  outputSize?: Sizes | null;
  /** The output's size as a fraction of the input's; either this or `outputSize`. */
  outputRatio?: Sizes | null;
  returnIndices?: boolean;
  /** Where the windows begin, in [0, 1): [N, C, spatial dimensions]; drawn when not given. */
  _randomSamples?: Tensor | null;
}

const fractionalMaxPoolNames: Names<FractionalMaxPoolOptions> = {
  outputSize: true,
  outputRatio: true,
  returnIndices: true,
  _randomSamples: true,
};

function fractionalMaxPool(dims: 2 | 3, kernel: typeof aten.fractionalMaxPool2d) {
  const owner = { name: `fractionalMaxPool${dims}d` };
  const all = (sizes: Sizes) => (typeof sizes === 'object' ? sizes : new Array<number>(dims).fill(+sizes));
  return (input: Tensor, kernelSize: Sizes, options: FractionalMaxPoolOptions = {}): Tensor | Values => {
    requireNames(owner, options, fractionalMaxPoolNames);
    const { outputSize, outputRatio, returnIndices = false, _randomSamples } = options;
    if (outputSize == null && outputRatio == null) {
      throw new ValueError(
        `fractional_max_pool${dims}d requires specifying either an output_size or an output_ratio`,
      );
    }
    const { shape } = input;
    const spatial = shape.slice(-dims);
    const size =
      outputSize ?? all(outputRatio as Sizes).map((ratio, i) => Math.trunc((spatial[i] as number) * ratio));
    const batch = shape.length === dims + 1 ? 1 : (shape[0] as number);
    const samples =
      _randomSamples ??
      aten.rand([batch, shape.at(-dims - 1) as number, dims], { dtype: input.dtype, device: input.device });
    const [values, indices] = kernel(input, kernelSize, size, samples);
    return returnIndices ? [values, indices] : values;
  };
}

/** Maxima of windows at random places (Graham 2014). */
export const fractionalMaxPool2d = fractionalMaxPool(2, aten.fractionalMaxPool2d);
export const fractionalMaxPool3d = fractionalMaxPool(3, aten.fractionalMaxPool3d);

type FractionalWithIndices = (
  input: Tensor,
  kernelSize: Sizes,
  options?: Omit<FractionalMaxPoolOptions, 'returnIndices'>,
) => Values;

function fractionalWithIndices(
  name: string,
  pool: ReturnType<typeof fractionalMaxPool>,
): FractionalWithIndices {
  const owner = { name };
  return (input, kernelSize, options) => {
    requireNames(owner, options, fractionalMaxPoolNames);
    return pool(input, kernelSize, { ...options, returnIndices: true }) as Values;
  };
}

export const fractionalMaxPool2dWithIndices = fractionalWithIndices(
  'fractionalMaxPool2dWithIndices',
  fractionalMaxPool2d,
);
export const fractionalMaxPool3dWithIndices = fractionalWithIndices(
  'fractionalMaxPool3dWithIndices',
  fractionalMaxPool3d,
);
