import { ValueError } from '../errors.js';
import { aten } from '../operators/ops.js';
import { requireKnown } from '../options.js';
import { tupleText, valueText } from '../python-text.js';
import { float, type Real } from '../scalar.js';
import type { Tensor } from '../tensor.js';
import type { FactoryOptions } from './factory-options.js';
import { groupNorm, layerNorm, localResponseNorm, rmsNorm } from './functional.js';
import { ones_, zeros_ } from './init.js';
import { Module } from './module.js';
import { ntuple, type Sizes } from './ntuple.js';
import { Parameter } from './parameter.js';

export interface LocalResponseNormOptions {
  alpha?: Real;
  beta?: Real;
  k?: Real;
}

/** Divides by the energy of `size` neighbouring channels (Krizhevsky et al. 2012). */
export class LocalResponseNorm extends Module {
  readonly alpha: Real;
  readonly beta: Real;
  readonly k: Real;

  constructor(
    readonly size: number,
    options: LocalResponseNormOptions = {},
  ) {
    const { alpha = 1e-4, beta = 0.75, k = float(1), ...others } = options;
    requireKnown(new.target, options, others);
    super();
    this.alpha = alpha;
    this.beta = beta;
    this.k = k;
  }

  override forward(input: Tensor): Tensor {
    return localResponseNorm(input, this.size, { alpha: +this.alpha, beta: +this.beta, k: +this.k });
  }

  override extraRepr(): string {
    const { size, alpha, beta, k } = this;
    return `${size}, alpha=${valueText(alpha)}, beta=${valueText(beta)}, k=${valueText(k)}`;
  }
}

export interface RMSNormOptions extends FactoryOptions {
  /** The dtype's epsilon, if not given. */
  eps?: number | null;
  elementwiseAffine?: boolean;
}

/** Divides by the root of the mean square over the last dimensions (Zhang & Sennrich 2019). */
export class RMSNorm extends Module {
  weight: Parameter | null;
  readonly normalizedShape: number[];
  eps: number | null;
  readonly elementwiseAffine: boolean;

  constructor(normalizedShape: Sizes, options: RMSNormOptions = {}) {
    const { eps = null, elementwiseAffine = true, device, dtype, ...others } = options;
    requireKnown(new.target, options, others);
    super();
    this.normalizedShape = ntuple(normalizedShape, 1);
    this.eps = eps;
    this.elementwiseAffine = elementwiseAffine;
    this.weight = elementwiseAffine
      ? new Parameter(aten.empty(this.normalizedShape, { dtype, device }))
      : null;
    this.resetParameters();
  }

  resetParameters(): void {
    if (this.weight) ones_(this.weight);
  }

  override forward(input: Tensor): Tensor {
    return rmsNorm(input, this.normalizedShape, { weight: this.weight, eps: this.eps });
  }

  override extraRepr(): string {
    const { normalizedShape, eps, elementwiseAffine } = this;
    return `${tupleText(normalizedShape)}, eps=${valueText(eps)}, elementwise_affine=${valueText(elementwiseAffine)}`;
  }
}

abstract class Affine extends Module {
  weight: Parameter | null;
  bias: Parameter | null;

  constructor(shape: readonly number[], affine: boolean, bias: boolean, { device, dtype }: FactoryOptions) {
    super();
    this.weight = affine ? new Parameter(aten.empty(shape, { dtype, device })) : null;
    this.bias = affine && bias ? new Parameter(aten.empty(shape, { dtype, device })) : null;
    this.resetParameters();
  }

  resetParameters(): void {
    if (this.weight) ones_(this.weight);
    if (this.bias) zeros_(this.bias);
  }
}

export interface LayerNormOptions extends FactoryOptions {
  eps?: number;
  elementwiseAffine?: boolean;
  bias?: boolean;
}

/** Normalises over the last dimensions, whose sizes are `normalizedShape` (Ba et al. 2016). */
export class LayerNorm extends Affine {
  readonly normalizedShape: number[];
  eps: number;
  readonly elementwiseAffine: boolean;

  constructor(normalizedShape: Sizes, options: LayerNormOptions = {}) {
    const { eps = 1e-5, elementwiseAffine = true, bias = true, device, dtype, ...others } = options;
    requireKnown(new.target, options, others);
    const shape = ntuple(normalizedShape, 1);
    super(shape, elementwiseAffine, bias, { device, dtype });
    this.normalizedShape = shape;
    this.eps = eps;
    this.elementwiseAffine = elementwiseAffine;
  }

  override forward(input: Tensor): Tensor {
    const { weight, bias, eps } = this;
    return layerNorm(input, this.normalizedShape, { weight, bias, eps });
  }

  override extraRepr(): string {
    const { normalizedShape, eps, elementwiseAffine, bias } = this;
    return (
      `${tupleText(normalizedShape)}, eps=${valueText(eps)}, elementwise_affine=${valueText(elementwiseAffine)}, ` +
      `bias=${valueText(bias !== null)}`
    );
  }
}

export interface GroupNormOptions extends FactoryOptions {
  eps?: number;
  affine?: boolean;
  bias?: boolean;
}

/** Normalises each group of channels of each sample (Wu & He 2018). */
export class GroupNorm extends Affine {
  readonly numGroups: number;
  readonly numChannels: number;
  eps: number;
  readonly affine: boolean;

  constructor(numGroups: number, numChannels: number, options: GroupNormOptions = {}) {
    const { eps = 1e-5, affine = true, bias = true, device, dtype, ...others } = options;
    requireKnown(new.target, options, others);
    if (numChannels % numGroups !== 0) {
      throw new ValueError(`num_channels (${numChannels}) must be divisible by num_groups (${numGroups})`);
    }
    super([numChannels], affine, bias, { device, dtype });
    this.numGroups = numGroups;
    this.numChannels = numChannels;
    this.eps = eps;
    this.affine = affine;
  }

  override forward(input: Tensor): Tensor {
    const { weight, bias, eps } = this;
    return groupNorm(input, this.numGroups, { weight, bias, eps });
  }

  override extraRepr(): string {
    const { numGroups, numChannels, eps, affine, bias } = this;
    return `${numGroups}, ${numChannels}, eps=${valueText(eps)}, affine=${valueText(affine)}, bias=${valueText(bias !== null)}`;
  }
}
