import { BatchNorm2d } from '../nn/batchnorm.js';
import { type Layer, Sequential } from '../nn/container.js';
import { Conv2d } from '../nn/conv.js';
import type { BatchNormSettings } from './xception-blocks.js';

export interface ConvNormActivationOptions {
  kernelSize?: number;
  stride?: number;
  groups?: number;
  batchNorm?: BatchNormSettings;
  /** Makes the activation; null is none. */
  activation: (() => Layer) | null;
}

/** Convolution without a bias, BatchNorm, activation; the padding keeps the size where the stride is 1. */
export class Conv2dNormActivation extends Sequential {
  constructor(inChannels: number, outChannels: number, options: ConvNormActivationOptions) {
    const { kernelSize = 3, stride = 1, groups = 1, batchNorm, activation } = options;
    const padding = (kernelSize - 1) / 2;
    super(
      new Conv2d(inChannels, outChannels, kernelSize, { stride, padding, groups, bias: false }),
      new BatchNorm2d(outChannels, batchNorm),
      ...(activation === null ? [] : [activation()]),
    );
  }
}
