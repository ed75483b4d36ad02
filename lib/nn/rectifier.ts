// Activations that can work in place: wrong where a residual still needs the input, and not always an error.

import { TorchError } from '../errors.js';
import { requireKnown, requireOptions } from '../options.js';
import { valueText } from '../python-text.js';
import { float, type Real } from '../scalar.js';
import type { Tensor } from '../tensor.js';
import * as F from './functional/activation.js';
import { Module } from './module.js';

export interface InplaceOptions {
  /** Overwrites the input. */
  inplace?: boolean;
}

abstract class Rectifier extends Module {
  inplace: boolean;

  constructor(options: InplaceOptions = {}) {
    const { inplace = false, ...others } = options;
    requireKnown(new.target, options, others);
    super();
    this.inplace = inplace;
  }

  override extraRepr(): string {
    return this.inplace ? 'inplace=True' : '';
  }

  /** The options by name, then `inplace` where it is true. */
  protected withInplace(options: Record<string, Real>): string {
    const texts = Object.entries(options).map(([name, value]) => `${name}=${valueText(value)}`);
    return (this.inplace ? [...texts, 'inplace=True'] : texts).join(', ');
  }
}

/** max(0, x). */
export class ReLU extends Rectifier {
  override forward(input: Tensor): Tensor {
    return F.relu(input, { inplace: this.inplace });
  }
}

/** x · sigmoid(x), also known as swish. */
export class SiLU extends Rectifier {
  override forward(input: Tensor): Tensor {
    return F.silu(input, { inplace: this.inplace });
  }
}

/** x · tanh(softplus(x)) (Misra 2019). */
export class Mish extends Rectifier {
  override forward(input: Tensor): Tensor {
    return F.mish(input, { inplace: this.inplace });
  }
}

/** Keeps mean and variance through deep stacks (Klambauer et al. 2017). */
export class SELU extends Rectifier {
  override forward(input: Tensor): Tensor {
    return F.selu(input, { inplace: this.inplace });
  }
}

/** A piecewise linear sigmoid; PyTorch prints no `inplace` for it. */
export class Hardsigmoid extends Rectifier {
  override forward(input: Tensor): Tensor {
    return F.hardsigmoid(input, { inplace: this.inplace });
  }

  override extraRepr(): string {
    return '';
  }
}

/** x · hardsigmoid(x) (Howard et al. 2019); PyTorch prints no `inplace` for it. */
export class Hardswish extends Rectifier {
  override forward(input: Tensor): Tensor {
    return F.hardswish(input, { inplace: this.inplace });
  }

  override extraRepr(): string {
    return '';
  }
}

/** x above the threshold, else `value`. */
export class Threshold extends Rectifier {
  constructor(
    readonly threshold: Real,
    readonly value: Real,
    options: InplaceOptions = {},
  ) {
    requireOptions(new.target, options);
    super(options);
  }

  override forward(input: Tensor): Tensor {
    return F.threshold(input, +this.threshold, +this.value, { inplace: this.inplace });
  }

  override extraRepr(): string {
    return this.withInplace({ threshold: this.threshold, value: this.value });
  }
}

abstract class Exponential extends Rectifier {
  readonly alpha: Real;

  constructor(options: InplaceOptions & { alpha?: Real } = {}) {
    const { alpha = float(1), inplace = false, ...others } = options;
    requireKnown(new.target, options, others);
    super({ inplace });
    this.alpha = alpha;
  }

  override extraRepr(): string {
    return this.withInplace({ alpha: this.alpha });
  }
}

/** x, and α·(exp(x) − 1) below 0 (Clevert et al. 2015). */
export class ELU extends Exponential {
  override forward(input: Tensor): Tensor {
    return F.elu(input, { alpha: +this.alpha, inplace: this.inplace });
  }
}

/** x, and α·(exp(x / α) − 1) below 0 (Barron 2017). */
export class CELU extends Exponential {
  override forward(input: Tensor): Tensor {
    return F.celu(input, { alpha: +this.alpha, inplace: this.inplace });
  }
}

/** x, and a small multiple of x below 0. */
export class LeakyReLU extends Rectifier {
  negativeSlope: Real;

  constructor(options: InplaceOptions & { negativeSlope?: Real } = {}) {
    const { negativeSlope = 0.01, inplace = false, ...others } = options;
    requireKnown(new.target, options, others);
    super({ inplace });
    this.negativeSlope = negativeSlope;
  }

  override forward(input: Tensor): Tensor {
    return F.leakyRelu(input, { negativeSlope: +this.negativeSlope, inplace: this.inplace });
  }

  override extraRepr(): string {
    return this.withInplace({ negative_slope: this.negativeSlope });
  }
}

export interface RReLUOptions extends InplaceOptions {
  lower?: Real;
  upper?: Real;
}

/** A leaky ReLU whose slope is drawn per element in training (Xu et al. 2015). */
export class RReLU extends Rectifier {
  readonly lower: Real;
  readonly upper: Real;

  constructor(options: RReLUOptions = {}) {
    const { lower = 1 / 8, upper = 1 / 3, inplace = false, ...others } = options;
    requireKnown(new.target, options, others);
    super({ inplace });
    this.lower = lower;
    this.upper = upper;
  }

  override forward(input: Tensor): Tensor {
    const { training, inplace } = this;
    return F.rrelu(input, { lower: +this.lower, upper: +this.upper, training, inplace });
  }

  override extraRepr(): string {
    return this.withInplace({ lower: this.lower, upper: this.upper });
  }
}

export interface HardtanhOptions extends InplaceOptions {
  minVal?: Real;
  maxVal?: Real;
}

/** x, cut off at both ends. Throws TorchError for an empty range, where Python asserts. */
export class Hardtanh extends Rectifier {
  readonly minVal: Real;
  readonly maxVal: Real;

  constructor(options: HardtanhOptions = {}) {
    const { minVal = float(-1), maxVal = float(1), inplace = false, ...others } = options;
    requireKnown(new.target, options, others);
    super({ inplace });
    if (+maxVal <= +minVal) {
      throw new TorchError(
        `max_val (${valueText(maxVal)}) must be greater than min_val (${valueText(minVal)})`,
      );
    }
    this.minVal = minVal;
    this.maxVal = maxVal;
  }

  override forward(input: Tensor): Tensor {
    return F.hardtanh(input, { minVal: +this.minVal, maxVal: +this.maxVal, inplace: this.inplace });
  }

  override extraRepr(): string {
    return this.withInplace({ min_val: this.minVal, max_val: this.maxVal });
  }
}

/** min(max(0, x), 6). */
export class ReLU6 extends Hardtanh {
  constructor(options: InplaceOptions = {}) {
    requireOptions(new.target, options);
    super({ ...options, minVal: float(0), maxVal: float(6) });
  }

  override extraRepr(): string {
    return this.inplace ? 'inplace=True' : '';
  }
}
