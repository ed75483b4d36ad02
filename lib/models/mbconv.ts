import { scope } from '../memory.js';
import { type Layer, Sequential } from '../nn/container.js';
import { Module } from '../nn/module.js';
import { SiLU } from '../nn/rectifier.js';
import { floorDiv } from '../python-number.js';
import type { Tensor } from '../tensor.js';
import { multipleOf8 } from './channels.js';
import { Conv2dNormActivation } from './conv-norm-activation.js';
import { SqueezeExcitation } from './squeeze-excitation.js';
import { StochasticDepth } from './stochastic-depth.js';
import type { BatchNormSettings } from './xception-blocks.js';

export interface MBConvOptions {
  expansion: number;
  kernel: number;
  stride: number;
  /** The probability that an example goes through the skip alone. */
  dropped: number;
  batchNorm?: BatchNormSettings;
}

const activation = (): Layer => new SiLU({ inplace: true });

/**
 * 1×1 expansion, depthwise convolution, squeeze and excitation, linear 1×1; beside the identity where the size stays
 * (Tan et al. 2019, MnasNet, figure 7).
 */
export class MBConv extends Module {
  block: Sequential;
  readonly stochasticDepth: StochasticDepth;
  private readonly hasSkip: boolean;

  constructor(inChannels: number, outChannels: number, options: MBConvOptions) {
    super();
    const { expansion, kernel: kernelSize, stride, dropped, batchNorm } = options;
    this.hasSkip = stride === 1 && inChannels === outChannels;
    const hidden = multipleOf8(inChannels * expansion);
    const squeezed = Math.max(1, floorDiv(inChannels, 4));
    const pointwise = (from: number, to: number, activate: typeof activation | null): Layer =>
      new Conv2dNormActivation(from, to, { kernelSize: 1, batchNorm, activation: activate });

    this.block = new Sequential(
      ...(hidden === inChannels ? [] : [pointwise(inChannels, hidden, activation)]),
      new Conv2dNormActivation(hidden, hidden, { kernelSize, stride, groups: hidden, batchNorm, activation }),
      new SqueezeExcitation(hidden, squeezed, activation()),
      pointwise(hidden, outChannels, null),
    );
    this.stochasticDepth = new StochasticDepth(dropped);
  }

  override forward(x: Tensor): Tensor {
    if (!this.hasSkip) return this.block.forward(x);
    return scope(() => this.stochasticDepth.forward(this.block.forward(x)).add_(x));
  }
}
