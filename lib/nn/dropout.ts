import { ValueError } from '../errors.js';
import { requireKnown } from '../options.js';
import { valueText } from '../python-text.js';
import type { Real } from '../scalar.js';
import type { Tensor } from '../tensor.js';
import * as F from './functional/dropout.js';
import { Module } from './module.js';

/** Draws in training, identity in eval mode. Throws ValueError for `p` outside of [0, 1]. */
abstract class DropoutBase extends Module {
  inplace: boolean;

  constructor(
    public p: Real = 0.5,
    options: { inplace?: boolean } = {},
  ) {
    const { inplace = false, ...others } = options;
    requireKnown(new.target, options, others);
    super();
    if (+p < 0 || +p > 1) {
      throw new ValueError(`dropout probability has to be between 0 and 1, but got ${valueText(p)}`);
    }
    this.inplace = inplace;
  }

  protected get options(): { p: number; training: boolean; inplace: boolean } {
    return { p: +this.p, training: this.training, inplace: this.inplace };
  }

  override extraRepr(): string {
    return `p=${valueText(this.p)}, inplace=${valueText(this.inplace)}`;
  }
}

/** In training zeroes elements with probability `p` and scales the others by 1 / (1 − p); identity in eval mode. */
export class Dropout extends DropoutBase {
  override forward(input: Tensor): Tensor {
    return F.dropout(input, this.options);
  }
}

/** Drops whole channels of [N, C, L] or [C, L]. */
export class Dropout1d extends DropoutBase {
  override forward(input: Tensor): Tensor {
    return F.dropout1d(input, this.options);
  }
}

/** Drops whole channels of [N, C, H, W]. */
export class Dropout2d extends DropoutBase {
  override forward(input: Tensor): Tensor {
    return F.dropout2d(input, this.options);
  }
}

/** Drops whole channels of [N, C, D, H, W] or [C, D, H, W]. */
export class Dropout3d extends DropoutBase {
  override forward(input: Tensor): Tensor {
    return F.dropout3d(input, this.options);
  }
}

/** Keeps mean and variance, for networks of SELUs (Klambauer et al. 2017). PyTorch's never works in place. */
export class AlphaDropout extends DropoutBase {
  override forward(input: Tensor): Tensor {
    return F.alphaDropout(input, { ...this.options, inplace: false });
  }
}

/** Alpha dropout of whole channels. */
export class FeatureAlphaDropout extends DropoutBase {
  override forward(input: Tensor): Tensor {
    return F.featureAlphaDropout(input, { ...this.options, inplace: false });
  }
}
