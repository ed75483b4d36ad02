// The two building blocks of "Deep Residual Learning for Image Recognition" (He et al. 2016), figure 5.

import { scope } from '../memory.js';
import { BatchNorm2d } from '../nn/batchnorm.js';
import { Sequential } from '../nn/container.js';
import { Conv2d } from '../nn/conv.js';
import { Module } from '../nn/module.js';
import { ReLU } from '../nn/rectifier.js';
import type { Tensor } from '../tensor.js';
import { chain } from './chain.js';

const conv1x1 = (from: number, to: number, stride = 1) => new Conv2d(from, to, 1, { stride, bias: false });
const conv3x3 = (from: number, to: number, stride = 1) =>
  new Conv2d(from, to, 3, { stride, padding: 1, bias: false });

/** The skip of a block that changes size: 1×1 convolution and BatchNorm; null where nothing changes. */
function downsampling(from: number, to: number, stride: number): Sequential | null {
  return stride === 1 && from === to ? null : new Sequential(conv1x1(from, to, stride), new BatchNorm2d(to));
}

/** What a block adds to its skip. */
abstract class ResidualBlock extends Module {
  abstract readonly relu: ReLU;
  abstract readonly downsample: Sequential | null;
  /** The BatchNorm before the sum. */
  abstract readonly lastNorm: BatchNorm2d;

  protected abstract residual(x: Tensor): Tensor;

  override forward(x: Tensor): Tensor {
    return scope(() => {
      const residual = this.residual(x);
      return this.relu.forward(residual.add_(this.downsample?.forward(x) ?? x));
    });
  }
}

/** Two 3×3 convolutions. */
export class BasicBlock extends ResidualBlock {
  static readonly expansion = 1;

  conv1: Conv2d;
  bn1: BatchNorm2d;
  relu: ReLU;
  conv2: Conv2d;
  bn2: BatchNorm2d;
  downsample: Sequential | null;

  constructor(inChannels: number, channels: number, stride: number) {
    super();
    // Its draws come first: torchvision makes the skip before the block.
    const downsample = downsampling(inChannels, channels, stride);
    this.conv1 = conv3x3(inChannels, channels, stride);
    this.bn1 = new BatchNorm2d(channels);
    this.relu = new ReLU({ inplace: true });
    this.conv2 = conv3x3(channels, channels);
    this.bn2 = new BatchNorm2d(channels);
    this.downsample = downsample;
  }

  get lastNorm(): BatchNorm2d {
    return this.bn2;
  }

  protected residual(x: Tensor): Tensor {
    const { conv1, bn1, relu, conv2, bn2 } = this;
    return chain(x, conv1, bn1, relu, conv2, bn2);
  }
}

/** 1×1, 3×3 and 1×1 convolutions; the stride is that of the 3×3, where the paper has it in the first (v1.5). */
export class Bottleneck extends ResidualBlock {
  static readonly expansion = 4;

  conv1: Conv2d;
  bn1: BatchNorm2d;
  conv2: Conv2d;
  bn2: BatchNorm2d;
  conv3: Conv2d;
  bn3: BatchNorm2d;
  relu: ReLU;
  downsample: Sequential | null;

  constructor(inChannels: number, channels: number, stride: number) {
    super();
    const outChannels = channels * Bottleneck.expansion;
    const downsample = downsampling(inChannels, outChannels, stride);
    this.conv1 = conv1x1(inChannels, channels);
    this.bn1 = new BatchNorm2d(channels);
    this.conv2 = conv3x3(channels, channels, stride);
    this.bn2 = new BatchNorm2d(channels);
    this.conv3 = conv1x1(channels, outChannels);
    this.bn3 = new BatchNorm2d(outChannels);
    this.relu = new ReLU({ inplace: true });
    this.downsample = downsample;
  }

  get lastNorm(): BatchNorm2d {
    return this.bn3;
  }

  protected residual(x: Tensor): Tensor {
    const { conv1, bn1, conv2, bn2, conv3, bn3, relu } = this;
    return chain(x, conv1, bn1, relu, conv2, bn2, relu, conv3, bn3);
  }
}
