import { requireKnown } from '../options.js';
import { float, type Real } from '../scalar.js';
import type { Tensor } from '../tensor.js';
import { cosineSimilarity, pairwiseDistance } from './functional/distance.js';
import { Module } from './module.js';

export interface PairwiseDistanceOptions {
  /** The norm's degree. */
  p?: Real;
  eps?: number;
  keepdim?: boolean;
}

/** The p-norm of x1 − x2 along the last dimension. */
export class PairwiseDistance extends Module {
  readonly norm: Real;
  eps: number;
  readonly keepdim: boolean;

  constructor(options: PairwiseDistanceOptions = {}) {
    const { p = float(2), eps = 1e-6, keepdim = false, ...others } = options;
    requireKnown(new.target, options, others);
    super();
    this.norm = p;
    this.eps = eps;
    this.keepdim = keepdim;
  }

  override forward(x1: Tensor, x2: Tensor): Tensor {
    return pairwiseDistance(x1, x2, +this.norm, this.eps, this.keepdim);
  }
}

/** The cosine of the angle between x1 and x2 along `dim`. */
export class CosineSimilarity extends Module {
  readonly dim: number;
  eps: number;

  constructor(options: { dim?: number; eps?: number } = {}) {
    const { dim = 1, eps = 1e-8, ...others } = options;
    requireKnown(new.target, options, others);
    super();
    this.dim = dim;
    this.eps = eps;
  }

  override forward(x1: Tensor, x2: Tensor): Tensor {
    return cosineSimilarity(x1, x2, this.dim, this.eps);
  }
}
