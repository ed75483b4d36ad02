// "Rethinking the Inception Architecture for Computer Vision" (Szegedy et al. 2016), table 1, version 3; names and
// initial values are torchvision's.

import { scope } from '../memory.js';
import { AdaptiveAvgPool2d } from '../nn/adaptive-pooling.js';
import { Conv2d } from '../nn/conv.js';
import { Dropout } from '../nn/dropout.js';
import { truncNormal_ } from '../nn/init.js';
import { Linear } from '../nn/linear.js';
import { Module } from '../nn/module.js';
import { MaxPool2d } from '../nn/pooling.js';
import { aten } from '../operators/ops.js';
import { requireNames } from '../options.js';
import type { Tensor } from '../tensor.js';
import { chain } from './chain.js';
import {
  BasicConv2d,
  InceptionA,
  InceptionAux,
  InceptionB,
  InceptionC,
  InceptionD,
  InceptionE,
} from './inception-blocks.js';

export interface Inception3Options {
  numClasses?: number;
  /** Has the second classifier, whose logits training gives too. */
  auxLogits?: boolean;
  /** Takes images that were normalised with ImageNet's mean and deviation, and makes them those of its own weights. */
  transformInput?: boolean;
  /** False keeps PyTorch's default values. */
  initWeights?: boolean;
  dropout?: number;
}

/** What training gives. */
export interface InceptionOutputs {
  readonly logits: Tensor;
  readonly auxLogits: Tensor;
}

/** Mean and deviation of ImageNet's channels. */
const MEAN = [0.485, 0.456, 0.406];
const STD = [0.229, 0.224, 0.225];

/** Images [N, 3, H, W] of 75 pixels or more (it was trained with 299) → logits [N, numClasses]. 27,161,264 parameters. */
export class Inception3 extends Module {
  readonly Conv2d_1a_3x3: BasicConv2d;
  readonly Conv2d_2a_3x3: BasicConv2d;
  readonly Conv2d_2b_3x3: BasicConv2d;
  maxpool1: MaxPool2d;
  readonly Conv2d_3b_1x1: BasicConv2d;
  readonly Conv2d_4a_3x3: BasicConv2d;
  maxpool2: MaxPool2d;
  readonly Mixed_5b: InceptionA;
  readonly Mixed_5c: InceptionA;
  readonly Mixed_5d: InceptionA;
  readonly Mixed_6a: InceptionB;
  readonly Mixed_6b: InceptionC;
  readonly Mixed_6c: InceptionC;
  readonly Mixed_6d: InceptionC;
  readonly Mixed_6e: InceptionC;
  AuxLogits: InceptionAux | null;
  readonly Mixed_7a: InceptionD;
  readonly Mixed_7b: InceptionE;
  readonly Mixed_7c: InceptionE;
  avgpool: AdaptiveAvgPool2d;
  dropout: Dropout;
  fc: Linear;
  readonly transformInput: boolean;

  constructor(options: Inception3Options = {}) {
    requireNames(new.target, options, {
      numClasses: true,
      auxLogits: true,
      transformInput: true,
      initWeights: true,
      dropout: true,
    });
    super();
    const { numClasses = 1000, auxLogits = true, transformInput = false } = options;
    const { initWeights = true, dropout = 0.5 } = options;
    this.transformInput = transformInput;
    this.Conv2d_1a_3x3 = new BasicConv2d(3, 32, 3, { stride: 2 });
    this.Conv2d_2a_3x3 = new BasicConv2d(32, 32, 3);
    this.Conv2d_2b_3x3 = new BasicConv2d(32, 64, 3, { padding: 1 });
    this.maxpool1 = new MaxPool2d(3, { stride: 2 });
    this.Conv2d_3b_1x1 = new BasicConv2d(64, 80, 1);
    this.Conv2d_4a_3x3 = new BasicConv2d(80, 192, 3);
    this.maxpool2 = new MaxPool2d(3, { stride: 2 });
    this.Mixed_5b = new InceptionA(192, 32);
    this.Mixed_5c = new InceptionA(256, 64);
    this.Mixed_5d = new InceptionA(288, 64);
    this.Mixed_6a = new InceptionB(288);
    this.Mixed_6b = new InceptionC(768, 128);
    this.Mixed_6c = new InceptionC(768, 160);
    this.Mixed_6d = new InceptionC(768, 160);
    this.Mixed_6e = new InceptionC(768, 192);
    this.AuxLogits = auxLogits ? new InceptionAux(768, numClasses) : null;
    this.Mixed_7a = new InceptionD(768);
    this.Mixed_7b = new InceptionE(1280);
    this.Mixed_7c = new InceptionE(2048);
    this.avgpool = new AdaptiveAvgPool2d([1, 1]);
    this.dropout = new Dropout(dropout);
    this.fc = new Linear(2048, numClasses);
    if (initWeights) this.initWeights();
  }

  private initWeights(): void {
    for (const module of this.modules()) {
      if (!(module instanceof Conv2d || module instanceof Linear)) continue;
      const std = module === this.AuxLogits?.fc ? 0.001 : 0.1;
      truncNormal_(module.weight, 0, std, -2, 2);
    }
  }

  /** From ImageNet's normalisation to the one of (x / 255 - 0.5) / 0.5. */
  private transformed(images: Tensor): Tensor {
    const channels = MEAN.map((mean, i) =>
      images
        .select(1, i)
        .unsqueeze(1)
        .mul((STD[i] as number) / 0.5)
        .add((mean - 0.5) / 0.5),
    );
    return aten.cat(channels, 1);
  }

  override forward(images: Tensor): Tensor | InceptionOutputs {
    const { Conv2d_1a_3x3, Conv2d_2a_3x3, Conv2d_2b_3x3, maxpool1, Conv2d_3b_1x1, Conv2d_4a_3x3 } = this;
    const { maxpool2, Mixed_5b, Mixed_5c, Mixed_5d, Mixed_6a, Mixed_6b, Mixed_6c, Mixed_6d, Mixed_6e } = this;
    const { Mixed_7a, Mixed_7b, Mixed_7c, avgpool, dropout } = this;
    return scope(() => {
      const input = this.transformInput ? this.transformed(images) : images;
      const stem = chain(input, Conv2d_1a_3x3, Conv2d_2a_3x3, Conv2d_2b_3x3, maxpool1);
      const maps35 = chain(stem, Conv2d_3b_1x1, Conv2d_4a_3x3, maxpool2, Mixed_5b, Mixed_5c, Mixed_5d);
      const maps17 = chain(maps35, Mixed_6a, Mixed_6b, Mixed_6c, Mixed_6d, Mixed_6e);
      const auxLogits = this.training ? this.AuxLogits?.forward(maps17) : undefined;
      const maps8 = chain(maps17, Mixed_7a, Mixed_7b, Mixed_7c);
      const logits = this.fc.forward(chain(maps8, avgpool, dropout).flatten(1));
      return auxLogits === undefined ? logits : { logits, auxLogits };
    });
  }
}

export const inceptionV3 = (options?: Inception3Options) => new Inception3(options);
