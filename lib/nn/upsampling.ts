import { requireKnown } from '../options.js';
import { formatFloat } from '../python-format.js';
import { stringRepr } from '../python-text.js';
import { TorchFloat } from '../scalar.js';
import type { Tensor } from '../tensor.js';
import { type InterpolationMode, interpolate } from './functional/resampling.js';
import { Module } from './module.js';
import { type Sizes, sizesText } from './ntuple.js';

export interface UpsampleOptions {
  /** The output's spatial size. Either this or `scaleFactor`. */
  size?: Sizes | null;
  scaleFactor?: Sizes | null;
  mode?: InterpolationMode;
  /** The corners' centres stay where they are; for the modes that end in linear and cubic. */
  alignCorners?: boolean | null;
  /** Computes with the ratio of the sizes, not with the factor that was given. */
  recomputeScaleFactor?: boolean | null;
}

const factorsText = (factors: Sizes): string =>
  typeof factors === 'number'
    ? formatFloat(factors)
    : sizesText(factors.map((f) => new TorchFloat(f)) as never);

/** Resizes the spatial dimensions of [N, C, L], [N, C, H, W] or [N, C, D, H, W]. */
export class Upsample extends Module {
  readonly size: Sizes | null;
  readonly scaleFactor: Sizes | null;
  readonly mode: InterpolationMode;
  readonly alignCorners: boolean | null;
  readonly recomputeScaleFactor: boolean | null;

  constructor(options: UpsampleOptions = {}) {
    const { size = null, scaleFactor, mode = 'nearest', ...rest } = options;
    const { alignCorners = null, recomputeScaleFactor = null, ...others } = rest;
    requireKnown(new.target, options, others);
    super();
    this.size = size;
    this.scaleFactor = typeof scaleFactor === 'object' ? scaleFactor : scaleFactor ? +scaleFactor : null;
    this.mode = mode;
    this.alignCorners = alignCorners;
    this.recomputeScaleFactor = recomputeScaleFactor;
  }

  override forward(input: Tensor): Tensor {
    const { size, scaleFactor, mode, alignCorners, recomputeScaleFactor } = this;
    return interpolate(input, { size, scaleFactor, mode, alignCorners, recomputeScaleFactor });
  }

  override extraRepr(): string {
    const { size, scaleFactor, mode } = this;
    const to = scaleFactor === null ? `size=${sizesText(size)}` : `scale_factor=${factorsText(scaleFactor)}`;
    return `${to}, mode=${stringRepr(mode)}`;
  }
}

type To = Pick<UpsampleOptions, 'size' | 'scaleFactor'>;

/** Upsample with mode 'nearest'. */
export class UpsamplingNearest2d extends Upsample {
  constructor(options: To = {}) {
    const { size, scaleFactor, ...others } = options;
    requireKnown(new.target, options, others);
    super({ size, scaleFactor, mode: 'nearest' });
  }
}

/** Upsample with mode 'bilinear' and aligned corners. */
export class UpsamplingBilinear2d extends Upsample {
  constructor(options: To = {}) {
    const { size, scaleFactor, ...others } = options;
    requireKnown(new.target, options, others);
    super({ size, scaleFactor, mode: 'bilinear', alignCorners: true });
  }
}
