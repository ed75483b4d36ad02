import { scope } from '../memory.js';
import { Sigmoid } from '../nn/activation.js';
import { AdaptiveAvgPool2d } from '../nn/adaptive-pooling.js';
import type { Layer } from '../nn/container.js';
import { Conv2d } from '../nn/conv.js';
import { Module } from '../nn/module.js';
import type { Tensor } from '../tensor.js';
import { chain } from './chain.js';

/** Scales each channel by what all of them say on average (Hu et al. 2018, figure 1); [N, C, H, W] stays. */
export class SqueezeExcitation extends Module {
  avgpool: AdaptiveAvgPool2d;
  fc1: Conv2d;
  fc2: Conv2d;
  activation: Layer;
  readonly scaleActivation: Sigmoid;

  constructor(channels: number, squeezed: number, activation: Layer) {
    super();
    this.avgpool = new AdaptiveAvgPool2d(1);
    this.fc1 = new Conv2d(channels, squeezed, 1);
    this.fc2 = new Conv2d(squeezed, channels, 1);
    this.activation = activation;
    this.scaleActivation = new Sigmoid();
  }

  override forward(x: Tensor): Tensor {
    const { avgpool, fc1, activation, fc2, scaleActivation } = this;
    return scope(() => chain(x, avgpool, fc1, activation, fc2, scaleActivation).mul(x));
  }
}
