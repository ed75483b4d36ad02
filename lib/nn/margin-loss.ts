// Losses that are zero beyond a margin.

import { ValueError } from '../errors.js';
import { requireKnown, requireNames, requireOptions } from '../options.js';
import { valueText } from '../python-text.js';
import type { Tensor } from '../tensor.js';
import { PairwiseDistance } from './distance.js';
import * as F from './functional/margin-loss.js';
import { Loss, type LossOptions, WeightedLoss } from './loss.js';
import { isModule } from './module-tree.js';

type MarginOptions = LossOptions & { margin?: number };

abstract class MarginLoss extends Loss {
  readonly margin: number;

  constructor(options: MarginOptions = {}) {
    const { margin = 0, reduction, ...others } = options;
    requireKnown(new.target, options, others);
    super({ reduction });
    this.margin = margin;
  }
}

/** target: 1 for similar pairs, −1 for dissimilar ones. */
export class HingeEmbeddingLoss extends MarginLoss {
  constructor(options: MarginOptions = {}) {
    requireOptions(new.target, options);
    super({ margin: 1, ...options });
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    const { margin, reduction } = this;
    return F.hingeEmbeddingLoss(input, target, { margin, reduction });
  }
}

/** target: 1 where the two should be alike, −1 where not, by the cosine of their angle. */
export class CosineEmbeddingLoss extends MarginLoss {
  override forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    const { margin, reduction } = this;
    return F.cosineEmbeddingLoss(input1, input2, target, { margin, reduction });
  }
}

/** target: 1 where input1 should rank higher, −1 where input2 should. */
export class MarginRankingLoss extends MarginLoss {
  override forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    const { margin, reduction } = this;
    return F.marginRankingLoss(input1, input2, target, { margin, reduction });
  }
}

/** Multi-class, multi-label hinge loss; a row of targets ends at the first −1. */
export class MultiLabelMarginLoss extends Loss {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.multilabelMarginLoss(input, target, { reduction: this.reduction });
  }
}

/** Binary logistic loss; target: 1 or −1. */
export class SoftMarginLoss extends Loss {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.softMarginLoss(input, target, { reduction: this.reduction });
  }
}

/** One binary logistic loss per class, averaged over the classes; weight: [C]. */
export class MultiLabelSoftMarginLoss extends WeightedLoss {
  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, reduction } = this;
    return F.multilabelSoftMarginLoss(input, target, { weight, reduction });
  }
}

/** Multi-class hinge loss; weight: [C]. Throws ValueError for `p` other than 1 and 2. */
export class MultiMarginLoss extends WeightedLoss {
  p: 1 | 2;
  readonly margin: number;

  constructor(options: F.MultiMarginLossOptions = {}) {
    const { p = 1, margin = 1, weight = null, reduction, ...others } = options;
    requireKnown(new.target, options, others);
    super({ weight, reduction });
    if (+p !== 1 && +p !== 2) throw new ValueError('only p == 1 and p == 2 supported');
    if (weight && weight.dim() !== 1) {
      throw new ValueError(
        `MultiMarginLoss: expected weight to be None or 1D tensor, got ${weight.dim()}D instead`,
      );
    }
    this.p = p;
    this.margin = margin;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    const { p, margin, weight, reduction } = this;
    return F.multiMarginLoss(input, target, { p, margin, weight, reduction });
  }
}

function checkMargin(name: string, margin: number): void {
  if (margin > 0) return;
  throw new ValueError(`${name}: expected margin to be greater than 0, got ${valueText(margin)} instead`);
}

/** The positive should be nearer to the anchor than the negative, by the margin (Balntas et al. 2016). */
export class TripletMarginLoss extends Loss {
  readonly margin: number;
  p: number;
  eps: number;
  readonly swap: boolean;

  constructor(options: F.TripletMarginLossOptions = {}) {
    requireNames(new.target, options, { margin: true, p: true, eps: true, swap: true, reduction: true });
    const { margin = 1, p = 2, eps = 1e-6, swap = false, reduction } = options;
    super({ reduction });
    checkMargin('TripletMarginLoss', margin);
    this.margin = margin;
    this.p = p;
    this.eps = eps;
    this.swap = swap;
  }

  override forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    const { margin, p, eps, swap, reduction } = this;
    return F.tripletMarginLoss(anchor, positive, negative, { margin, p, eps, swap, reduction });
  }
}

type Distance = (x: Tensor, y: Tensor) => Tensor;

/** The same with any distance: a function of two tensors, or a module. */
export class TripletMarginWithDistanceLoss extends Loss {
  readonly distanceFunction: Distance | PairwiseDistance;
  readonly margin: number;
  readonly swap: boolean;

  constructor(
    options: Omit<F.TripletDistanceOptions, 'distanceFunction'> & {
      distanceFunction?: Distance | PairwiseDistance | null;
    } = {},
  ) {
    requireNames(new.target, options, { distanceFunction: true, margin: true, swap: true, reduction: true });
    const { distanceFunction, margin = 1, swap = false, reduction } = options;
    super({ reduction });
    checkMargin('TripletMarginWithDistanceLoss', margin);
    this.distanceFunction = distanceFunction ?? new PairwiseDistance();
    this.margin = margin;
    this.swap = swap;
  }

  override forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    const { distanceFunction, margin, swap, reduction } = this;
    const distance: Distance = (x, y) =>
      isModule(distanceFunction)
        ? (distanceFunction as PairwiseDistance).forward(x, y)
        : (distanceFunction as Distance)(x, y);
    const options = { distanceFunction: distance, margin, swap, reduction };
    return F.tripletMarginWithDistanceLoss(anchor, positive, negative, options);
  }
}
