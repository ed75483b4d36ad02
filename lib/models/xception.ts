// Figure 5 of "Xception: Deep Learning with Depthwise Separable Convolutions" (Chollet 2017): entry flow, middle flow
// eight times, exit flow. Every convolution is followed by BatchNorm, which the figure leaves out.

import { ValueError } from '../errors.js';
import { scope } from '../memory.js';
import { AdaptiveAvgPool2d } from '../nn/adaptive-pooling.js';
import { BatchNorm2d } from '../nn/batchnorm.js';
import { ModuleList, Sequential } from '../nn/container.js';
import { Conv2d } from '../nn/conv.js';
import { Dropout } from '../nn/dropout.js';
import { constant_, kaimingNormal_, normal_ } from '../nn/init.js';
import { Linear } from '../nn/linear.js';
import { Module } from '../nn/module.js';
import { ReLU } from '../nn/rectifier.js';
import { requireNames } from '../options.js';
import { stringRepr } from '../python-text.js';
import type { Tensor } from '../tensor.js';
import { chain } from './chain.js';
import {
  type BatchNormSettings,
  PoolEntryBlock,
  PoolExitBlock,
  PoolMiddleBlock,
  type PoolPadding,
  SeparableConv2d,
} from './xception-blocks.js';

export interface XceptionOptions {
  inChannels?: number;
  numClasses?: number;
  /** 1 is the report's; 0 is the paper's, and that of all converted ImageNet weights. */
  stemPadding?: number;
  /** Dropout before the classifier; the paper uses 0.5 on ImageNet. */
  dropRate?: number;
  /** 'kaiming' is what the report defines (and never calls); 'default' is PyTorch's own, which it really runs. */
  init?: 'kaiming' | 'default';
  batchNorm?: BatchNormSettings;
  /** 'same' for weights that Keras trained; they differ where a side is even. */
  poolPadding?: PoolPadding;
  /** The report's `mods *= 3`: each middle block uses one ReLU SepConv three times. The keys stay the same. */
  sharedMiddle?: boolean;
}

/** Xception: images [N, inChannels, H, W] → logits [N, numClasses]. 22,855,952 parameters for 1,000 classes. */
export class Xception extends Module {
  entryConv1: Sequential;
  entryConv2: Sequential;
  entryBlock1: PoolEntryBlock;
  entryBlock2: PoolEntryBlock;
  entryBlock3: PoolEntryBlock;

  middleFlow: ModuleList<PoolMiddleBlock>;

  exitBlock: PoolExitBlock;
  exitConv1: Sequential;
  exitConv2: Sequential;
  avgpool: AdaptiveAvgPool2d;
  dropout: Dropout | null;
  fc: Linear;

  constructor(options: XceptionOptions = {}) {
    requireNames(new.target, options, {
      inChannels: true,
      numClasses: true,
      stemPadding: true,
      dropRate: true,
      init: true,
      batchNorm: true,
      poolPadding: true,
      sharedMiddle: true,
    });
    super();
    const { inChannels = 3, numClasses = 1000, stemPadding: padding = 1, dropRate = 0 } = options;
    const { init = 'kaiming', batchNorm, poolPadding, sharedMiddle = false } = options;

    const convolution = (conv: Conv2d | SeparableConv2d, channels: number): Sequential =>
      new Sequential(conv, new BatchNorm2d(channels, batchNorm), new ReLU({ inplace: true }));

    this.entryConv1 = convolution(new Conv2d(inChannels, 32, 3, { stride: 2, padding, bias: false }), 32);
    this.entryConv2 = convolution(new Conv2d(32, 64, 3, { padding, bias: false }), 64);
    this.entryBlock1 = new PoolEntryBlock(64, 128, { relu1: false, batchNorm, poolPadding });
    this.entryBlock2 = new PoolEntryBlock(128, 256, { batchNorm, poolPadding });
    this.entryBlock3 = new PoolEntryBlock(256, 728, { batchNorm, poolPadding });

    const middle = (): PoolMiddleBlock => new PoolMiddleBlock(728, { shared: sharedMiddle, batchNorm });
    this.middleFlow = new ModuleList(Array.from({ length: 8 }, middle));

    this.exitBlock = new PoolExitBlock(728, 1024, { batchNorm, poolPadding });
    this.exitConv1 = convolution(new SeparableConv2d(1024, 1536), 1536);
    this.exitConv2 = convolution(new SeparableConv2d(1536, 2048), 2048);
    this.avgpool = new AdaptiveAvgPool2d(1);
    this.dropout = dropRate === 0 ? null : new Dropout(dropRate);
    this.fc = new Linear(2048, numClasses);

    if (init === 'kaiming') this.initWeights();
    else if (init !== 'default')
      throw new ValueError(`init must be 'kaiming' or 'default', got ${stringRepr(init)}`);
  }

  /** The report's `_init_weights`. The layers have drawn PyTorch's default before: those draws are part of the seed. */
  initWeights(): void {
    for (const module of this.modules()) {
      if (module instanceof Conv2d) {
        kaimingNormal_(module.weight, { mode: 'fan_out', nonlinearity: 'relu' });
      } else if (module instanceof BatchNorm2d) {
        if (module.weight) constant_(module.weight, 1);
        if (module.bias) constant_(module.bias, 0);
      } else if (module instanceof Linear) {
        normal_(module.weight, 0, 0.01);
        if (module.bias) constant_(module.bias, 0);
      }
    }
  }

  /** [N, inChannels, H, W] → [N, 2048, H / 32, W / 32], rounded up. */
  features(images: Tensor): Tensor {
    const { entryConv1, entryConv2, entryBlock1, entryBlock2, entryBlock3 } = this;
    const { exitBlock, exitConv1, exitConv2 } = this;
    return scope(() => {
      const entry = chain(images, entryConv1, entryConv2, entryBlock1, entryBlock2, entryBlock3);
      const middle = chain(entry, ...this.middleFlow);
      return chain(middle, exitBlock, exitConv1, exitConv2);
    });
  }

  override forward(images: Tensor): Tensor {
    return scope(() => {
      const pooled = this.avgpool.forward(this.features(images)).flatten(1);
      return chain(pooled, this.dropout, this.fc);
    });
  }
}
