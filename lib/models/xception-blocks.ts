// The boxes of figure 5 in "Xception: Deep Learning with Depthwise Separable Convolutions" (Chollet 2017).

import { scope } from '../memory.js';
import { BatchNorm2d } from '../nn/batchnorm.js';
import { type Layer, Sequential } from '../nn/container.js';
import { Conv2d } from '../nn/conv.js';
import { Module } from '../nn/module.js';
import type { Pair } from '../nn/pair.js';
import { MaxPool2d } from '../nn/pooling.js';
import { ReLU } from '../nn/rectifier.js';
import { type Names, requireNames } from '../options.js';
import type { Tensor } from '../tensor.js';
import { chain } from './chain.js';
import { SameMaxPool2d } from './same-max-pool.js';

/** Of every BatchNorm in the network. Keras trained Xception with eps 1e-3 and (in PyTorch's sense) momentum 0.01. */
export interface BatchNormSettings {
  eps?: number;
  momentum?: number | null;
}

/** Of the max pooling: 'symmetric' is PyTorch's padding of 1, 'same' is TensorFlow's, which Keras' weights expect. */
export type PoolPadding = 'symmetric' | 'same';

/** What every block can be told. */
export interface BlockOptions {
  batchNorm?: BatchNormSettings;
  poolPadding?: PoolPadding;
}

const blockNames: Names<BlockOptions> = { batchNorm: true, poolPadding: true };

/** Of the depthwise convolution, except `bias`, which is for both; the network uses none. */
export interface SeparableConvOptions {
  kernelSize?: Pair;
  stride?: Pair;
  padding?: Pair;
  dilation?: Pair;
  bias?: boolean;
}

/** Depthwise 3×3, then pointwise 1×1, with nothing in between: the paper's ablation found that best (figure 10). */
export class SeparableConv2d extends Module {
  dconv: Conv2d;
  pconv: Conv2d;

  constructor(inChannels: number, outChannels: number, options: SeparableConvOptions = {}) {
    requireNames(new.target, options, {
      kernelSize: true,
      stride: true,
      padding: true,
      dilation: true,
      bias: true,
    });
    super();
    const { kernelSize = 3, stride = 1, padding = 1, dilation = 1, bias = false } = options;
    const groups = inChannels;
    this.dconv = new Conv2d(inChannels, inChannels, kernelSize, { stride, padding, dilation, groups, bias });
    this.pconv = new Conv2d(inChannels, outChannels, 1, { bias });
  }

  override forward(x: Tensor): Tensor {
    return scope(() => chain(x, this.dconv, this.pconv));
  }
}

/** The skip of a block that changes size: 1×1 convolution and BatchNorm. */
export class ResidualConnection extends Sequential {
  constructor(inChannels: number, outChannels: number, stride: number, batchNorm?: BatchNormSettings) {
    super(
      new Conv2d(inChannels, outChannels, 1, { stride, bias: false }),
      new BatchNorm2d(outChannels, batchNorm),
    );
  }
}

/** [ReLU] SepConv ReLU SepConv MaxPool 3×3/2, beside a 1×1/2 skip: halves height and width. */
abstract class PoolBlock extends Module {
  readonly project: ResidualConnection;
  /** Not in place: the skip's convolution has saved the same input for its gradient. */
  relu1: ReLU | null;
  readonly sepconv1: SeparableConv2d;
  bn1: BatchNorm2d;
  relu2: ReLU;
  readonly sepconv2: SeparableConv2d;
  bn2: BatchNorm2d;
  maxpool: MaxPool2d | SameMaxPool2d;

  constructor(
    [inChannels, between, outChannels]: [number, number, number],
    relu1: ReLU | null,
    { batchNorm, poolPadding = 'symmetric' }: BlockOptions,
  ) {
    super();
    this.project = new ResidualConnection(inChannels, outChannels, 2, batchNorm);
    this.relu1 = relu1;
    this.sepconv1 = new SeparableConv2d(inChannels, between);
    this.bn1 = new BatchNorm2d(between, batchNorm);
    this.relu2 = new ReLU({ inplace: true });
    this.sepconv2 = new SeparableConv2d(between, outChannels);
    this.bn2 = new BatchNorm2d(outChannels, batchNorm);
    this.maxpool = poolPadding === 'same' ? new SameMaxPool2d() : new MaxPool2d(3, { stride: 2, padding: 1 });
  }

  override forward(x: Tensor): Tensor {
    return scope(() => {
      // First the skip, as the report does: gradients that meet are summed in the order of the forward calls.
      const identity = this.project.forward(x);
      const { relu1, sepconv1, bn1, relu2, sepconv2, bn2, maxpool } = this;
      return chain(x, relu1, sepconv1, bn1, relu2, sepconv2, bn2, maxpool).add(identity);
    });
  }
}

/** A block of the entry flow. The first one has no ReLU in front: the stem ends with one. */
export class PoolEntryBlock extends PoolBlock {
  constructor(inChannels: number, outChannels: number, options: BlockOptions & { relu1?: boolean } = {}) {
    requireNames(new.target, options, { ...blockNames, relu1: true });
    const { relu1 = true } = options;
    super([inChannels, outChannels, outChannels], relu1 ? new ReLU() : null, options);
  }
}

/** The block of the exit flow: it widens in its second convolution only. */
export class PoolExitBlock extends PoolBlock {
  constructor(inChannels = 728, outChannels = 1024, options: BlockOptions = {}) {
    requireNames(new.target, options, blockNames);
    super([inChannels, inChannels, outChannels], new ReLU(), options);
  }
}

/** Three times ReLU SepConv, beside the identity: the size stays. */
export class PoolMiddleBlock extends Module {
  convs: Sequential;

  /** `shared` uses one ReLU SepConv three times, which is what the report's `mods *= 3` does. */
  constructor(channels = 728, options: { shared?: boolean; batchNorm?: BatchNormSettings } = {}) {
    requireNames(new.target, options, { shared: true, batchNorm: true });
    const { shared = false, batchNorm } = options;
    super();
    const unit = (): Layer[] => [
      new ReLU(), // not in place: it would overwrite the identity, and no error would say so
      new SeparableConv2d(channels, channels),
      new BatchNorm2d(channels, batchNorm),
    ];
    const first = unit();
    const others = shared ? [first, first] : [unit(), unit()];
    this.convs = new Sequential(...first, ...others.flat());
  }

  override forward(x: Tensor): Tensor {
    return scope(() => x.add(this.convs.forward(x)));
  }
}
