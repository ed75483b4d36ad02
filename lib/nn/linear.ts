import { aten } from '../ops.js';
import { valueText } from '../python-text.js';
import type { Tensor } from '../tensor.js';
import type { FactoryOptions } from './factory-options.js';
import { linear } from './functional.js';
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
  readonly weight: Parameter;
  readonly bias: Parameter | null;

  constructor(
    readonly inFeatures: number,
    readonly outFeatures: number,
    { bias = true, device, dtype }: LinearOptions = {},
  ) {
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
