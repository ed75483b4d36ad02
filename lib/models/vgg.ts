// "Very Deep Convolutional Networks for Large-Scale Image Recognition" (Simonyan & Zisserman 2015), table 1; names and
// initial values are torchvision's.

import { scope } from '../memory.js';
import { AdaptiveAvgPool2d } from '../nn/adaptive-pooling.js';
import { BatchNorm2d } from '../nn/batchnorm.js';
import { type Layer, Sequential } from '../nn/container.js';
import { Conv2d } from '../nn/conv.js';
import { Dropout } from '../nn/dropout.js';
import { kaimingNormal_, normal_, zeros_ } from '../nn/init.js';
import { Linear } from '../nn/linear.js';
import { Module } from '../nn/module.js';
import { MaxPool2d } from '../nn/pooling.js';
import { ReLU } from '../nn/rectifier.js';
import { requireNames } from '../options.js';
import type { Tensor } from '../tensor.js';

export interface VGGOptions {
  numClasses?: number;
  /** BatchNorm after each convolution, which the paper did not have yet. */
  batchNorm?: boolean;
  /** False keeps PyTorch's default values. */
  initWeights?: boolean;
  dropout?: number;
}

/** Channels of the 3×3 convolutions of each stage; a stage ends with max pooling. Columns A, B, D and E. */
const COLUMNS = {
  A: [[64], [128], [256, 256], [512, 512], [512, 512]],
  B: [
    [64, 64],
    [128, 128],
    [256, 256],
    [512, 512],
    [512, 512],
  ],
  D: [
    [64, 64],
    [128, 128],
    [256, 256, 256],
    [512, 512, 512],
    [512, 512, 512],
  ],
  E: [
    [64, 64],
    [128, 128],
    [256, 256, 256, 256],
    [512, 512, 512, 512],
    [512, 512, 512, 512],
  ],
};

function convolutions(stages: readonly number[][], batchNorm: boolean): Sequential {
  const layers: Layer[] = [];
  let from = 3;
  for (const stage of stages) {
    for (const to of stage) {
      layers.push(new Conv2d(from, to, 3, { padding: 1 }));
      if (batchNorm) layers.push(new BatchNorm2d(to));
      layers.push(new ReLU({ inplace: true }));
      from = to;
    }
    layers.push(new MaxPool2d(2, { stride: 2 }));
  }
  return new Sequential(...layers);
}

/** Images [N, 3, H, W] → logits [N, numClasses]. */
export class VGG extends Module {
  features: Sequential;
  avgpool: AdaptiveAvgPool2d;
  classifier: Sequential;

  constructor(column: keyof typeof COLUMNS, options: VGGOptions = {}) {
    requireNames(new.target, options, {
      numClasses: true,
      batchNorm: true,
      initWeights: true,
      dropout: true,
    });
    const { numClasses = 1000, batchNorm = false, initWeights = true, dropout = 0.5 } = options;
    super();
    this.features = convolutions(COLUMNS[column], batchNorm);
    this.avgpool = new AdaptiveAvgPool2d([7, 7]);
    this.classifier = new Sequential(
      new Linear(512 * 7 * 7, 4096),
      new ReLU({ inplace: true }),
      new Dropout(dropout),
      new Linear(4096, 4096),
      new ReLU({ inplace: true }),
      new Dropout(dropout),
      new Linear(4096, numClasses),
    );
    if (initWeights) this.initWeights();
  }

  private initWeights(): void {
    for (const module of this.modules()) {
      if (module instanceof Conv2d) kaimingNormal_(module.weight, { mode: 'fan_out', nonlinearity: 'relu' });
      else if (module instanceof Linear) normal_(module.weight, 0, 0.01);
      else continue;
      if (module.bias) zeros_(module.bias);
    }
  }

  override forward(images: Tensor): Tensor {
    return scope(() => {
      const features = this.avgpool.forward(this.features.forward(images));
      return this.classifier.forward(features.flatten(1));
    });
  }
}

/** The options of a network whose name says whether it has BatchNorm. */
export type NamedVGGOptions = Omit<VGGOptions, 'batchNorm'>;

/** 132,863,336 parameters. */
export const vgg11 = (options?: NamedVGGOptions) => new VGG('A', options);
export const vgg11Bn = (options?: NamedVGGOptions) => new VGG('A', { ...options, batchNorm: true });
/** 133,047,848 parameters. */
export const vgg13 = (options?: NamedVGGOptions) => new VGG('B', options);
export const vgg13Bn = (options?: NamedVGGOptions) => new VGG('B', { ...options, batchNorm: true });
/** 138,357,544 parameters. */
export const vgg16 = (options?: NamedVGGOptions) => new VGG('D', options);
export const vgg16Bn = (options?: NamedVGGOptions) => new VGG('D', { ...options, batchNorm: true });
/** 143,667,240 parameters. */
export const vgg19 = (options?: NamedVGGOptions) => new VGG('E', options);
export const vgg19Bn = (options?: NamedVGGOptions) => new VGG('E', { ...options, batchNorm: true });
