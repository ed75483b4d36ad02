import { ValueError } from '../errors.js';
import { aten } from '../operators/ops.js';
import { requireKnown } from '../options.js';
import { sqrt } from '../python-number.js';
import { valueText } from '../python-text.js';
import type { Tensor } from '../tensor.js';
import type { FactoryOptions } from './factory-options.js';
import { bilinear, linear } from './functional.js';
import { uniform_ } from './init.js';
import { Module } from './module.js';
import { Parameter } from './parameter.js';
import { drawWeightAndBias } from './reset-parameters.js';

/** Returns its input. Takes and ignores any arguments, so that it can stand in for another layer. */
export class Identity extends Module {
  constructor(..._ignored: unknown[]) {
    super();
  }

  override forward(input: Tensor): Tensor {
    return input;
  }
}

export interface LinearOptions extends FactoryOptions {
  bias?: boolean;
}

/** y = x·Wᵀ + b, [*, in] → [*, out]. weight: [out, in]; bias: [out] or null. */
export class Linear extends Module {
  weight: Parameter;
  bias: Parameter | null;

  constructor(
    readonly inFeatures: number,
    readonly outFeatures: number,
    options: LinearOptions = {},
  ) {
    const { bias = true, device, dtype, ...others } = options;
    requireKnown(new.target, options, others);
    super();
    this.weight = new Parameter(aten.empty([outFeatures, inFeatures], { dtype, device }));
    this.bias = bias ? new Parameter(aten.empty([outFeatures], { dtype, device })) : null;
    this.resetParameters();
  }

  resetParameters(): void {
    drawWeightAndBias(this.weight, this.bias);
  }

  override forward(input: Tensor): Tensor {
    return linear(input, this.weight, this.bias);
  }

  override extraRepr(): string {
    const bias = valueText(this.bias !== null);
    return `in_features=${this.inFeatures}, out_features=${this.outFeatures}, bias=${bias}`;
  }
}

/** A Linear under the name that it has inside of MultiheadAttention. */
export class NonDynamicallyQuantizableLinear extends Linear {}

/** y = x1ᵀ·W·x2 + b. weight: [out, in1, in2]; bias: [out] or null. */
export class Bilinear extends Module {
  weight: Parameter;
  bias: Parameter | null;

  constructor(
    readonly in1Features: number,
    readonly in2Features: number,
    readonly outFeatures: number,
    options: LinearOptions = {},
  ) {
    const { bias = true, device, dtype, ...others } = options;
    requireKnown(new.target, options, others);
    super();
    this.weight = new Parameter(aten.empty([outFeatures, in1Features, in2Features], { dtype, device }));
    this.bias = bias ? new Parameter(aten.empty([outFeatures], { dtype, device })) : null;
    this.resetParameters();
  }

  resetParameters(): void {
    if (this.in1Features <= 0) {
      throw new ValueError(`in1_features must be > 0, but got (in1_features=${this.in1Features})`);
    }
    const bound = 1 / sqrt(this.weight.size(1));
    uniform_(this.weight, -bound, bound);
    if (this.bias) uniform_(this.bias, -bound, bound);
  }

  override forward(input1: Tensor, input2: Tensor): Tensor {
    return bilinear(input1, input2, this.weight, this.bias);
  }

  override extraRepr(): string {
    const { in1Features, in2Features, outFeatures } = this;
    const bias = valueText(this.bias !== null);
    return `in1_features=${in1Features}, in2_features=${in2Features}, out_features=${outFeatures}, bias=${bias}`;
  }
}
