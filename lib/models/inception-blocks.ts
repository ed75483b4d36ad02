// The modules of "Rethinking the Inception Architecture for Computer Vision" (Szegedy et al. 2016); the letters, names
// and initial values are torchvision's.

import { scope } from '../memory.js';
import { BatchNorm2d } from '../nn/batchnorm.js';
import { Conv2d } from '../nn/conv.js';
import { Linear } from '../nn/linear.js';
import { Module } from '../nn/module.js';
import type { Pair } from '../nn/pair.js';
import { aten } from '../operators/ops.js';
import type { Tensor } from '../tensor.js';
import { chain } from './chain.js';

/** Convolution without a bias, BatchNorm, ReLU. */
export class BasicConv2d extends Module {
  conv: Conv2d;
  bn: BatchNorm2d;

  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Pair,
    options: { stride?: Pair; padding?: Pair } = {},
  ) {
    super();
    this.conv = new Conv2d(inChannels, outChannels, kernelSize, { ...options, bias: false });
    this.bn = new BatchNorm2d(outChannels, { eps: 0.001 });
  }

  override forward(x: Tensor): Tensor {
    return scope(() => chain(x, this.conv, this.bn).relu_());
  }
}

/** Convolution n×n that keeps the size, or 1×n, n×1. */
function same(from: number, to: number, kernelSize: number | [number, number]): BasicConv2d {
  const half = (size: number): number => (size - 1) / 2;
  const padding: Pair =
    typeof kernelSize === 'number' ? half(kernelSize) : [half(kernelSize[0]), half(kernelSize[1])];
  return new BasicConv2d(from, to, kernelSize, { padding });
}

const halving = (from: number, to: number) => new BasicConv2d(from, to, 3, { stride: 2 });

const average = (x: Tensor): Tensor => aten.avgPool2d(x, 3, { stride: 1, padding: 1 });

/** Branches whose channels are put one after another. */
abstract class Branching extends Module {
  protected abstract branches(x: Tensor): Tensor[];

  override forward(x: Tensor): Tensor {
    return scope(() => aten.cat(this.branches(x), 1));
  }
}

/** Figure 5: two 3×3 stand for a 5×5. Gives 224 channels and those of the pooling. */
export class InceptionA extends Branching {
  readonly branch1x1: BasicConv2d;
  readonly branch5x5_1: BasicConv2d;
  readonly branch5x5_2: BasicConv2d;
  readonly branch3x3dbl_1: BasicConv2d;
  readonly branch3x3dbl_2: BasicConv2d;
  readonly branch3x3dbl_3: BasicConv2d;
  readonly branchPool: BasicConv2d;

  constructor(inChannels: number, poolFeatures: number) {
    super();
    this.branch1x1 = same(inChannels, 64, 1);
    this.branch5x5_1 = same(inChannels, 48, 1);
    this.branch5x5_2 = same(48, 64, 5);
    this.branch3x3dbl_1 = same(inChannels, 64, 1);
    this.branch3x3dbl_2 = same(64, 96, 3);
    this.branch3x3dbl_3 = same(96, 96, 3);
    this.branchPool = same(inChannels, poolFeatures, 1);
  }

  protected branches(x: Tensor): Tensor[] {
    return [
      this.branch1x1.forward(x),
      chain(x, this.branch5x5_1, this.branch5x5_2),
      chain(x, this.branch3x3dbl_1, this.branch3x3dbl_2, this.branch3x3dbl_3),
      this.branchPool.forward(average(x)),
    ];
  }
}

/** Figure 10: halves the size, adds 480 channels. */
export class InceptionB extends Branching {
  readonly branch3x3: BasicConv2d;
  readonly branch3x3dbl_1: BasicConv2d;
  readonly branch3x3dbl_2: BasicConv2d;
  readonly branch3x3dbl_3: BasicConv2d;

  constructor(inChannels: number) {
    super();
    this.branch3x3 = halving(inChannels, 384);
    this.branch3x3dbl_1 = same(inChannels, 64, 1);
    this.branch3x3dbl_2 = same(64, 96, 3);
    this.branch3x3dbl_3 = halving(96, 96);
  }

  protected branches(x: Tensor): Tensor[] {
    return [
      this.branch3x3.forward(x),
      chain(x, this.branch3x3dbl_1, this.branch3x3dbl_2, this.branch3x3dbl_3),
      aten.maxPool2d(x, 3, 2),
    ];
  }
}

/** Figure 6: 1×7 and 7×1 stand for 7×7. Gives 768 channels. */
export class InceptionC extends Branching {
  readonly branch1x1: BasicConv2d;
  readonly branch7x7_1: BasicConv2d;
  readonly branch7x7_2: BasicConv2d;
  readonly branch7x7_3: BasicConv2d;
  readonly branch7x7dbl_1: BasicConv2d;
  readonly branch7x7dbl_2: BasicConv2d;
  readonly branch7x7dbl_3: BasicConv2d;
  readonly branch7x7dbl_4: BasicConv2d;
  readonly branch7x7dbl_5: BasicConv2d;
  readonly branchPool: BasicConv2d;

  constructor(inChannels: number, channels: number) {
    super();
    this.branch1x1 = same(inChannels, 192, 1);
    this.branch7x7_1 = same(inChannels, channels, 1);
    this.branch7x7_2 = same(channels, channels, [1, 7]);
    this.branch7x7_3 = same(channels, 192, [7, 1]);
    this.branch7x7dbl_1 = same(inChannels, channels, 1);
    this.branch7x7dbl_2 = same(channels, channels, [7, 1]);
    this.branch7x7dbl_3 = same(channels, channels, [1, 7]);
    this.branch7x7dbl_4 = same(channels, channels, [7, 1]);
    this.branch7x7dbl_5 = same(channels, 192, [1, 7]);
    this.branchPool = same(inChannels, 192, 1);
  }

  protected branches(x: Tensor): Tensor[] {
    const { branch7x7dbl_1, branch7x7dbl_2, branch7x7dbl_3, branch7x7dbl_4, branch7x7dbl_5 } = this;
    return [
      this.branch1x1.forward(x),
      chain(x, this.branch7x7_1, this.branch7x7_2, this.branch7x7_3),
      chain(x, branch7x7dbl_1, branch7x7dbl_2, branch7x7dbl_3, branch7x7dbl_4, branch7x7dbl_5),
      this.branchPool.forward(average(x)),
    ];
  }
}

/** Figure 10 again, with the 7×7: halves the size, adds 512 channels. */
export class InceptionD extends Branching {
  readonly branch3x3_1: BasicConv2d;
  readonly branch3x3_2: BasicConv2d;
  readonly branch7x7x3_1: BasicConv2d;
  readonly branch7x7x3_2: BasicConv2d;
  readonly branch7x7x3_3: BasicConv2d;
  readonly branch7x7x3_4: BasicConv2d;

  constructor(inChannels: number) {
    super();
    this.branch3x3_1 = same(inChannels, 192, 1);
    this.branch3x3_2 = halving(192, 320);
    this.branch7x7x3_1 = same(inChannels, 192, 1);
    this.branch7x7x3_2 = same(192, 192, [1, 7]);
    this.branch7x7x3_3 = same(192, 192, [7, 1]);
    this.branch7x7x3_4 = halving(192, 192);
  }

  protected branches(x: Tensor): Tensor[] {
    const { branch7x7x3_1, branch7x7x3_2, branch7x7x3_3, branch7x7x3_4 } = this;
    return [
      chain(x, this.branch3x3_1, this.branch3x3_2),
      chain(x, branch7x7x3_1, branch7x7x3_2, branch7x7x3_3, branch7x7x3_4),
      aten.maxPool2d(x, 3, 2),
    ];
  }
}

/** Figure 7: 1×3 and 3×1 beside each other. Gives 2,048 channels. */
export class InceptionE extends Branching {
  readonly branch1x1: BasicConv2d;
  readonly branch3x3_1: BasicConv2d;
  readonly branch3x3_2a: BasicConv2d;
  readonly branch3x3_2b: BasicConv2d;
  readonly branch3x3dbl_1: BasicConv2d;
  readonly branch3x3dbl_2: BasicConv2d;
  readonly branch3x3dbl_3a: BasicConv2d;
  readonly branch3x3dbl_3b: BasicConv2d;
  readonly branchPool: BasicConv2d;

  constructor(inChannels: number) {
    super();
    this.branch1x1 = same(inChannels, 320, 1);
    this.branch3x3_1 = same(inChannels, 384, 1);
    this.branch3x3_2a = same(384, 384, [1, 3]);
    this.branch3x3_2b = same(384, 384, [3, 1]);
    this.branch3x3dbl_1 = same(inChannels, 448, 1);
    this.branch3x3dbl_2 = same(448, 384, 3);
    this.branch3x3dbl_3a = same(384, 384, [1, 3]);
    this.branch3x3dbl_3b = same(384, 384, [3, 1]);
    this.branchPool = same(inChannels, 192, 1);
  }

  protected branches(x: Tensor): Tensor[] {
    const both = (y: Tensor, a: BasicConv2d, b: BasicConv2d) => aten.cat([a.forward(y), b.forward(y)], 1);
    const double = () => chain(x, this.branch3x3dbl_1, this.branch3x3dbl_2);
    return [
      this.branch1x1.forward(x),
      both(this.branch3x3_1.forward(x), this.branch3x3_2a, this.branch3x3_2b),
      both(double(), this.branch3x3dbl_3a, this.branch3x3dbl_3b),
      this.branchPool.forward(average(x)),
    ];
  }
}

/** Figure 8: a second classifier on the 17×17 maps, for training. */
export class InceptionAux extends Module {
  readonly conv0: BasicConv2d;
  readonly conv1: BasicConv2d;
  fc: Linear;

  constructor(inChannels: number, numClasses: number) {
    super();
    this.conv0 = new BasicConv2d(inChannels, 128, 1);
    this.conv1 = new BasicConv2d(128, 768, 5);
    this.fc = new Linear(768, numClasses);
  }

  override forward(x: Tensor): Tensor {
    return scope(() => {
      const features = chain(aten.avgPool2d(x, 5, 3), this.conv0, this.conv1);
      return this.fc.forward(aten.adaptiveAvgPool2d(features, [1, 1]).flatten(1));
    });
  }
}
