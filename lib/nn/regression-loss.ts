// Losses of real numbers: how far input and target are apart.

import { requireKnown } from '../options.js';
import { typeText } from '../python-text.js';
import { TorchFloat } from '../scalar.js';
import type { Tensor } from '../tensor.js';
import * as F from './functional/regression-loss.js';
import { Loss, type LossOptions } from './loss.js';

/** |x − y|. */
export class L1Loss extends Loss {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.l1Loss(input, target, { reduction: this.reduction });
  }
}

/** (x − y)². */
export class MSELoss extends Loss {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.mseLoss(input, target, { reduction: this.reduction });
  }
}

/** Squared below `beta`, absolute above. */
export class SmoothL1Loss extends Loss {
  readonly beta: number;

  constructor(options: LossOptions & { beta?: number } = {}) {
    const { beta = 1, reduction, ...others } = options;
    requireKnown(new.target, options, others);
    super({ reduction });
    this.beta = beta;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    const { beta, reduction } = this;
    return F.smoothL1Loss(input, target, { beta, reduction });
  }
}

/** Squared below `delta`, linear above (Huber 1964). */
export class HuberLoss extends Loss {
  readonly delta: number;

  constructor(options: LossOptions & { delta?: number } = {}) {
    const { delta = 1, reduction, ...others } = options;
    requireKnown(new.target, options, others);
    if (typeof delta !== 'number' && !((delta as unknown) instanceof TorchFloat)) {
      throw new TypeError(`delta must be a float or int, got: ${typeText(delta)}`);
    }
    super({ reduction });
    this.delta = delta;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    const { delta, reduction } = this;
    return F.huberLoss(input, target, { delta, reduction });
  }
}
