import { ValueError } from '../errors.js';
import { requireKnown } from '../options.js';
import { valueText } from '../python-text.js';
import type { Tensor } from '../tensor.js';
import { logSoftmax, softmax, softmin } from './functional.js';
import { Module } from './module.js';

abstract class Normalized extends Module {
  readonly dim: number | null;

  /** Without `dim` PyTorch chooses one from the input's dimensions, with a warning. */
  constructor(options: { dim?: number | null } = {}) {
    const { dim = null, ...others } = options;
    requireKnown(new.target, options, others);
    super();
    this.dim = dim;
  }

  override extraRepr(): string {
    return `dim=${valueText(this.dim)}`;
  }
}

export class Softmax extends Normalized {
  override forward(input: Tensor): Tensor {
    return softmax(input, this.dim);
  }
}

/** The softmax of −x. */
export class Softmin extends Normalized {
  override forward(input: Tensor): Tensor {
    return softmin(input, this.dim);
  }
}

export class LogSoftmax extends Normalized {
  override forward(input: Tensor): Tensor {
    return logSoftmax(input, this.dim);
  }
}

/** Softmax over the channels of [N, C, H, W] or [C, H, W]. Throws ValueError for other dimensions. */
export class Softmax2d extends Module {
  override forward(input: Tensor): Tensor {
    const dims = input.dim();
    if (dims !== 3 && dims !== 4) {
      throw new ValueError(`Softmax2d: expected input to be 3D or 4D, got ${dims}D instead`);
    }
    return softmax(input, -3);
  }
}
