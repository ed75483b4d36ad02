// "Deep Residual Learning for Image Recognition" (He et al. 2016), table 1; names and initial values are torchvision's.

import { scope } from '../memory.js';
import { AdaptiveAvgPool2d } from '../nn/adaptive-pooling.js';
import { BatchNorm2d } from '../nn/batchnorm.js';
import { Sequential } from '../nn/container.js';
import { Conv2d } from '../nn/conv.js';
import { kaimingNormal_, zeros_ } from '../nn/init.js';
import { Linear } from '../nn/linear.js';
import { Module } from '../nn/module.js';
import { MaxPool2d } from '../nn/pooling.js';
import { ReLU } from '../nn/rectifier.js';
import { requireNames } from '../options.js';
import type { Tensor } from '../tensor.js';
import { chain } from './chain.js';
import { BasicBlock, Bottleneck } from './resnet-blocks.js';

export interface ResNetOptions {
  numClasses?: number;
  /** Each block begins as its skip (Goyal et al. 2017). */
  zeroInitResidual?: boolean;
}

/** Images [N, 3, H, W] → logits [N, numClasses]; `depths` are the blocks of the four stages. */
export class ResNet extends Module {
  conv1: Conv2d;
  bn1: BatchNorm2d;
  relu: ReLU;
  maxpool: MaxPool2d;
  layer1: Sequential;
  layer2: Sequential;
  layer3: Sequential;
  layer4: Sequential;
  avgpool: AdaptiveAvgPool2d;
  fc: Linear;

  constructor(
    Block: typeof BasicBlock | typeof Bottleneck,
    depths: readonly [number, number, number, number],
    options: ResNetOptions = {},
  ) {
    requireNames(new.target, options, { numClasses: true, zeroInitResidual: true });
    const { numClasses = 1000, zeroInitResidual = false } = options;
    super();
    const { expansion } = Block;
    const stage = (from: number, channels: number, depth: number, stride: number): Sequential => {
      const to = channels * expansion;
      const first = new Block(from, channels, stride);
      return new Sequential(first, ...Array.from({ length: depth - 1 }, () => new Block(to, channels, 1)));
    };

    this.conv1 = new Conv2d(3, 64, 7, { stride: 2, padding: 3, bias: false });
    this.bn1 = new BatchNorm2d(64);
    this.relu = new ReLU({ inplace: true });
    this.maxpool = new MaxPool2d(3, { stride: 2, padding: 1 });
    this.layer1 = stage(64, 64, depths[0], 1);
    this.layer2 = stage(64 * expansion, 128, depths[1], 2);
    this.layer3 = stage(128 * expansion, 256, depths[2], 2);
    this.layer4 = stage(256 * expansion, 512, depths[3], 2);
    this.avgpool = new AdaptiveAvgPool2d([1, 1]);
    this.fc = new Linear(512 * expansion, numClasses);

    for (const module of this.modules()) {
      if (module instanceof Conv2d) kaimingNormal_(module.weight, { mode: 'fan_out', nonlinearity: 'relu' });
      else if (zeroInitResidual && (module instanceof BasicBlock || module instanceof Bottleneck))
        zeros_(module.lastNorm.weight as Tensor);
    }
  }

  override forward(images: Tensor): Tensor {
    const { conv1, bn1, relu, maxpool, layer1, layer2, layer3, layer4, avgpool, fc } = this;
    return scope(() => {
      const stem = chain(images, conv1, bn1, relu, maxpool);
      const features = chain(stem, layer1, layer2, layer3, layer4);
      return fc.forward(avgpool.forward(features).flatten(1));
    });
  }
}

/** 11,689,512 parameters. */
export const resnet18 = (options?: ResNetOptions) => new ResNet(BasicBlock, [2, 2, 2, 2], options);
/** 21,797,672 parameters. */
export const resnet34 = (options?: ResNetOptions) => new ResNet(BasicBlock, [3, 4, 6, 3], options);
/** 25,557,032 parameters. */
export const resnet50 = (options?: ResNetOptions) => new ResNet(Bottleneck, [3, 4, 6, 3], options);
/** 44,549,160 parameters. */
export const resnet101 = (options?: ResNetOptions) => new ResNet(Bottleneck, [3, 4, 23, 3], options);
/** 60,192,808 parameters. */
export const resnet152 = (options?: ResNetOptions) => new ResNet(Bottleneck, [3, 8, 36, 3], options);
