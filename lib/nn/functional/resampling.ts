// Images and volumes at other sizes: interpolate, pixel shuffles, sampling through a grid.

import { NotImplementedError, ValueError } from '../../errors.js';
import { aten } from '../../operators/ops.js';
import { type Names, requireNames } from '../../options.js';
import { valueText } from '../../python-text.js';
import type { Tensor } from '../../tensor.js';
import { warn } from '../../warn.js';
import { adaptiveAvgPool1d, adaptiveAvgPool2d, adaptiveAvgPool3d } from './pooling.js';

export const { channelShuffle, nativeChannelShuffle, pixelShuffle, pixelUnshuffle } = aten;

export type InterpolationMode =
  | 'nearest'
  | 'nearest-exact'
  | 'linear'
  | 'bilinear'
  | 'bicubic'
  | 'trilinear'
  | 'area'
  | 'lanczos';

type PerDimension = number | readonly number[];

export interface InterpolateOptions {
  /** The output's spatial size. Either this or `scaleFactor`. */
  size?: PerDimension | null;
  scaleFactor?: PerDimension | null;
  mode?: InterpolationMode;
  /** The corners' centres stay where they are; for the modes that end in linear and cubic. */
  alignCorners?: boolean | null;
  /** Computes with the ratio of the sizes, not with the factor that was given. */
  recomputeScaleFactor?: boolean | null;
  antialias?: boolean;
}

const interpolateNames: Names<InterpolateOptions> = {
  size: true,
  scaleFactor: true,
  mode: true,
  alignCorners: true,
  recomputeScaleFactor: true,
  antialias: true,
};

/** Output sizes and factors as libtorch takes them: one of the two is null. */
interface Target {
  size: number[] | null;
  factors: number[] | null;
}

function spread(value: PerDimension, input: Tensor, name: 'size' | 'scale_factor'): number[] {
  const spatial = input.shape.slice(2);
  if (!Array.isArray(value)) return new Array<number>(spatial.length).fill(value as number);
  if (value.length === spatial.length) return [...value];
  const [shown, what, letter] =
    name === 'size'
      ? [`output size of ${valueText(value)}`, 'output size', 'o']
      : [`scale_factor of shape ${valueText(value)}`, 'scale_factor', 's'];
  throw new ValueError(
    `Input and ${name === 'size' ? 'output' : name} must have the same number of spatial dimensions, but got input ` +
      `with spatial dimensions of ${valueText(spatial)} and ${shown}. Please provide input tensor in ` +
      `(N, C, d1, d2, ...,dK) format and ${what} in (${letter}1, ${letter}2, ...,${letter}K) format.`,
  );
}

function target(input: Tensor, options: InterpolateOptions): Target {
  const { size, scaleFactor, mode } = options;
  if (size != null && scaleFactor != null) {
    throw new ValueError('only one of size or scale_factor should be defined');
  }
  if (size != null) {
    const sizes = spread(size, input, 'size');
    if (options.recomputeScaleFactor) {
      throw new ValueError('recompute_scale_factor is not meaningful with an explicit size.');
    }
    return { size: sizes, factors: null };
  }
  if (scaleFactor == null) throw new ValueError('either size or scale_factor should be defined');
  const factors = spread(scaleFactor, input, 'scale_factor');
  if (!options.recomputeScaleFactor && mode !== 'area') return { size: null, factors };
  const spatial = input.shape.slice(2);
  return { size: spatial.map((length, i) => Math.trunc(length * (factors[i] as number))), factors: null };
}

type Kernel = (input: Tensor, to: Target, alignCorners: boolean) => Tensor;

const area =
  (pool: (input: Tensor, size: number[]) => Tensor): Kernel =>
  (input, { size }) =>
    pool(input, size as number[]);

type Factors = number[] | null;

const nearest =
  (upsample: (input: Tensor, size: Factors, factors: Factors) => Tensor): Kernel =>
  (input, { size, factors }) =>
    upsample(input, size, factors);

const smooth =
  (upsample: (input: Tensor, size: Factors, alignCorners: boolean, factors: Factors) => Tensor): Kernel =>
  (input, { size, factors }, alignCorners) =>
    upsample(input, size, alignCorners, factors);

/** By mode and dimensions, batch and channel among them. */
const kernels: Record<string, Kernel> = {
  'nearest 3': nearest(aten.upsampleNearest1d),
  'nearest 4': nearest(aten.upsampleNearest2d),
  'nearest 5': nearest(aten.upsampleNearest3d),
  'nearest-exact 3': nearest(aten._upsampleNearestExact1d),
  'nearest-exact 4': nearest(aten._upsampleNearestExact2d),
  'nearest-exact 5': nearest(aten._upsampleNearestExact3d),
  'area 3': area(adaptiveAvgPool1d),
  'area 4': area(adaptiveAvgPool2d),
  'area 5': area(adaptiveAvgPool3d),
  'linear 3': smooth(aten.upsampleLinear1d),
  'bilinear 4': smooth(aten.upsampleBilinear2d),
  'trilinear 5': smooth(aten.upsampleTrilinear3d),
  'bicubic 4': smooth(aten.upsampleBicubic2d),
};

const antialiased: Record<string, Kernel> = {
  bilinear: smooth(aten._upsampleBilinear2dAa),
  bicubic: smooth(aten._upsampleBicubic2dAa),
  lanczos: smooth(aten._upsampleLanczos2dAa),
};

function chosen(input: Tensor, mode: InterpolationMode, antialias: boolean, alignCorners: boolean): Kernel {
  const dims = input.dim();
  if (antialias && (!antialiased[mode] || dims !== 4)) {
    throw new ValueError(
      'Anti-alias option is restricted to bilinear, bicubic, and lanczos modes and requires a 4-D tensor as input',
    );
  }
  if (mode === 'lanczos' && dims === 4) {
    if (alignCorners) throw new ValueError('Lanczos mode does not support align_corners=True');
    if (!antialias) throw new ValueError('Lanczos mode requires antialias=True');
  }
  const kernel = antialias ? antialiased[mode] : kernels[`${mode} ${dims}`];
  if (kernel) return kernel;
  const wanted: Record<string, number> = { linear: 3, bilinear: 4, trilinear: 5 };
  if (dims >= 3 && dims <= 5 && wanted[mode]) {
    throw new NotImplementedError(`Got ${dims}D input, but ${mode} mode needs ${wanted[mode]}D input`);
  }
  throw new NotImplementedError(
    `Input Error: Only 3D, 4D and 5D input Tensors supported (got ${dims}D) for the modes: nearest | linear | ` +
      `bilinear | bicubic | trilinear | lanczos | area | nearest-exact (got ${mode})`,
  );
}

/** Resizes the spatial dimensions of [N, C, L], [N, C, H, W] or [N, C, D, H, W]. */
export function interpolate(input: Tensor, options: InterpolateOptions = {}): Tensor {
  requireNames(interpolate, options, interpolateNames);
  const { mode = 'nearest', alignCorners, antialias = false } = options;
  if (alignCorners != null && ['nearest', 'area', 'nearest-exact'].includes(mode)) {
    throw new ValueError(
      'align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear',
    );
  }
  const to = target(input, { ...options, mode });
  return chosen(input, mode, antialias, alignCorners ?? false)(input, to, alignCorners ?? false);
}

export interface UpsampleToOptions {
  size?: PerDimension | null;
  scaleFactor?: PerDimension | null;
}

const upsampleToNames: Names<UpsampleToOptions> = { size: true, scaleFactor: true };

export interface UpsampleOptions extends UpsampleToOptions {
  mode?: InterpolationMode;
  alignCorners?: boolean | null;
}

const upsampleNames: Names<UpsampleOptions> = { ...upsampleToNames, mode: true, alignCorners: true };

const deprecated = (name: string) =>
  warn(`\`nn.functional.${name}\` is deprecated. Use \`nn.functional.interpolate\` instead.`);

export function upsample(input: Tensor, options: UpsampleOptions = {}): Tensor {
  requireNames(upsample, options, upsampleNames);
  deprecated('upsample');
  return interpolate(input, options);
}

export function upsampleNearest(input: Tensor, options: UpsampleToOptions = {}): Tensor {
  requireNames(upsampleNearest, options, upsampleToNames);
  deprecated('upsample_nearest');
  return interpolate(input, { ...options, mode: 'nearest' });
}

export function upsampleBilinear(input: Tensor, options: UpsampleToOptions = {}): Tensor {
  requireNames(upsampleBilinear, options, upsampleToNames);
  deprecated('upsample_bilinear');
  return interpolate(input, { ...options, mode: 'bilinear', alignCorners: true });
}
