// Activations without an in-place form; those with one are in rectifier.ts, the softmaxes in softmax.ts.

import { aten } from '../operators/ops.js';
import { requireKnown } from '../options.js';
import { stringRepr, valueText } from '../python-text.js';
import { float, type Real } from '../scalar.js';
import type { Tensor } from '../tensor.js';
import type { FactoryOptions } from './factory-options.js';
import {
  gelu,
  glu,
  hardshrink,
  logsigmoid,
  prelu,
  softplus,
  softshrink,
  softsign,
  tanhshrink,
} from './functional.js';
import { constant_ } from './init.js';
import { Module } from './module.js';
import { Parameter } from './parameter.js';

export class Sigmoid extends Module {
  override forward(input: Tensor): Tensor {
    return input.sigmoid();
  }
}

export class Tanh extends Module {
  override forward(input: Tensor): Tensor {
    return input.tanh();
  }
}

/** log(sigmoid(x)). */
export class LogSigmoid extends Module {
  override forward(input: Tensor): Tensor {
    return logsigmoid(input);
  }
}

/** x / (1 + |x|). */
export class Softsign extends Module {
  override forward(input: Tensor): Tensor {
    return softsign(input);
  }
}

/** x − tanh(x). */
export class Tanhshrink extends Module {
  override forward(input: Tensor): Tensor {
    return tanhshrink(input);
  }
}

/** Halves the input along `dim`: a · sigmoid(b) (Dauphin et al. 2017). */
export class GLU extends Module {
  readonly dim: number;

  constructor(options: { dim?: number } = {}) {
    const { dim = -1, ...others } = options;
    requireKnown(new.target, options, others);
    super();
    this.dim = dim;
  }

  override forward(input: Tensor): Tensor {
    return glu(input, { dim: this.dim });
  }

  override extraRepr(): string {
    return `dim=${this.dim}`;
  }
}

/** x · Φ(x) (Hendrycks & Gimpel 2016); 'tanh' approximates Φ. */
export class GELU extends Module {
  readonly approximate: 'none' | 'tanh';

  constructor(options: { approximate?: 'none' | 'tanh' } = {}) {
    const { approximate = 'none', ...others } = options;
    requireKnown(new.target, options, others);
    super();
    this.approximate = approximate;
  }

  override forward(input: Tensor): Tensor {
    return gelu(input, { approximate: this.approximate });
  }

  override extraRepr(): string {
    return `approximate=${stringRepr(this.approximate)}`;
  }
}

abstract class Shrink extends Module {
  readonly lambd: Real;

  constructor(options: { lambd?: Real } = {}) {
    const { lambd = 0.5, ...others } = options;
    requireKnown(new.target, options, others);
    super();
    this.lambd = lambd;
  }

  override extraRepr(): string {
    return valueText(this.lambd);
  }
}

/** x where |x| > λ, else 0. */
export class Hardshrink extends Shrink {
  override forward(input: Tensor): Tensor {
    return hardshrink(input, this.lambd);
  }
}

/** x drawn towards 0 by λ. */
export class Softshrink extends Shrink {
  override forward(input: Tensor): Tensor {
    return softshrink(input, this.lambd);
  }
}

/** log(1 + exp(β·x)) / β, and x itself where β·x is above the threshold. */
export class Softplus extends Module {
  readonly beta: Real;
  readonly threshold: Real;

  constructor(options: { beta?: Real; threshold?: Real } = {}) {
    const { beta = float(1), threshold = float(20), ...others } = options;
    requireKnown(new.target, options, others);
    super();
    this.beta = beta;
    this.threshold = threshold;
  }

  override forward(input: Tensor): Tensor {
    return softplus(input, this.beta, this.threshold);
  }

  override extraRepr(): string {
    return `beta=${valueText(this.beta)}, threshold=${valueText(this.threshold)}`;
  }
}

export interface PReLUOptions extends FactoryOptions {
  /** One slope for all channels, or one for each. */
  numParameters?: number;
  init?: number;
}

/** A leaky ReLU that learns its slope (He et al. 2015). */
export class PReLU extends Module {
  weight: Parameter;
  readonly numParameters: number;
  readonly init: number;

  constructor(options: PReLUOptions = {}) {
    const { numParameters = 1, init = 0.25, device, dtype, ...others } = options;
    requireKnown(new.target, options, others);
    super();
    this.numParameters = numParameters;
    this.init = init;
    this.weight = new Parameter(aten.empty([numParameters], { dtype, device }));
    this.resetParameters();
  }

  resetParameters(): void {
    constant_(this.weight, this.init);
  }

  override forward(input: Tensor): Tensor {
    return prelu(input, this.weight);
  }

  override extraRepr(): string {
    return `num_parameters=${this.numParameters}`;
  }
}
