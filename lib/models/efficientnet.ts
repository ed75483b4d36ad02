// "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks" (Tan & Le 2019), table 1; names, initial
// values and the scaling of B1 to B7 are torchvision's.

import { scope } from '../memory.js';
import { AdaptiveAvgPool2d } from '../nn/adaptive-pooling.js';
import { type Layer, Sequential } from '../nn/container.js';
import { Conv2d } from '../nn/conv.js';
import { Dropout } from '../nn/dropout.js';
import { kaimingNormal_, uniform_, zeros_ } from '../nn/init.js';
import { Linear } from '../nn/linear.js';
import { Module } from '../nn/module.js';
import { SiLU } from '../nn/rectifier.js';
import { requireNames } from '../options.js';
import { sqrt } from '../python-number.js';
import type { Tensor } from '../tensor.js';
import { multipleOf8 } from './channels.js';
import { Conv2dNormActivation } from './conv-norm-activation.js';
import { MBConv } from './mbconv.js';
import type { BatchNormSettings } from './xception-blocks.js';

export interface EfficientNetOptions {
  numClasses?: number;
  /** Before the classifier. */
  dropout?: number;
  /** Of the last block; the first has none, those between lie on a line. */
  stochasticDepthProb?: number;
}

/** How a network is scaled. */
interface Scaling {
  width: number;
  depth: number;
  dropout: number;
  batchNorm?: BatchNormSettings;
}

/** Expansion, kernel, stride of the first, channels before and after, times: stages 2 to 8. */
const TABLE_1 = [
  [1, 3, 1, 32, 16, 1],
  [6, 3, 2, 16, 24, 2],
  [6, 5, 2, 24, 40, 2],
  [6, 3, 2, 40, 80, 3],
  [6, 5, 1, 80, 112, 3],
  [6, 5, 2, 112, 192, 4],
  [6, 3, 1, 192, 320, 1],
] as const;

const activation = (): Layer => new SiLU({ inplace: true });

/** Images [N, 3, H, W] → logits [N, numClasses]. */
export class EfficientNet extends Module {
  features: Sequential;
  avgpool: AdaptiveAvgPool2d;
  classifier: Sequential;

  constructor(scaling: Scaling, options: EfficientNetOptions = {}) {
    requireNames(new.target, options, { numClasses: true, dropout: true, stochasticDepthProb: true });
    super();
    const { width, depth, batchNorm } = scaling;
    const { numClasses = 1000, dropout = scaling.dropout, stochasticDepthProb = 0.2 } = options;
    const stages = TABLE_1.map(([expansion, kernel, stride, before, after, times]) => ({
      ...{ expansion, kernel, stride, times: Math.ceil(times * depth) },
      ...{ from: multipleOf8(before * width), to: multipleOf8(after * width) },
    }));
    const blocks = stages.reduce((sum, { times }) => sum + times, 0);
    const convolution = (from: number, to: number, kernelSize: number, stride: number): Layer =>
      new Conv2dNormActivation(from, to, { kernelSize, stride, batchNorm, activation });

    let made = 0;
    const stage = ({ expansion, kernel, stride, from, to, times }: (typeof stages)[number]): Layer => {
      const block = (_: unknown, i: number): MBConv => {
        const dropped = (stochasticDepthProb * made) / blocks;
        made += 1;
        const [inChannels, own] = i === 0 ? [from, stride] : [to, 1];
        return new MBConv(inChannels, to, { expansion, kernel, stride: own, dropped, batchNorm });
      };
      return new Sequential(...Array.from({ length: times }, block));
    };

    const [first, last] = [multipleOf8(32 * width), multipleOf8(320 * width)];
    this.features = new Sequential(
      convolution(3, first, 3, 2),
      ...stages.map(stage),
      convolution(last, 4 * last, 1, 1),
    );
    this.avgpool = new AdaptiveAvgPool2d(1);
    this.classifier = new Sequential<Layer>(
      new Dropout(dropout, { inplace: true }),
      new Linear(4 * last, numClasses),
    );

    for (const module of this.modules()) {
      if (module instanceof Conv2d) kaimingNormal_(module.weight, { mode: 'fan_out' });
      else if (module instanceof Linear) {
        const range = 1 / sqrt(numClasses);
        uniform_(module.weight, -range, range);
      } else continue;
      if (module.bias) zeros_(module.bias);
    }
  }

  override forward(images: Tensor): Tensor {
    return scope(() => {
      const pooled = this.avgpool.forward(this.features.forward(images));
      return this.classifier.forward(pooled.flatten(1));
    });
  }
}

/** Of TensorFlow, which the larger networks were trained with. */
const batchNorm = { eps: 1e-3, momentum: 0.01 };
const scaled = (scaling: Scaling) => (options?: EfficientNetOptions) => new EfficientNet(scaling, options);

/** 5,288,548 parameters; for images of 224 pixels. */
export const efficientnetB0 = scaled({ width: 1, depth: 1, dropout: 0.2 });
/** 7,794,184 parameters; for images of 240 pixels. */
export const efficientnetB1 = scaled({ width: 1, depth: 1.1, dropout: 0.2 });
/** 9,109,994 parameters; for images of 288 pixels. */
export const efficientnetB2 = scaled({ width: 1.1, depth: 1.2, dropout: 0.3 });
/** 12,233,232 parameters; for images of 300 pixels. */
export const efficientnetB3 = scaled({ width: 1.2, depth: 1.4, dropout: 0.3 });
/** 19,341,616 parameters; for images of 380 pixels. */
export const efficientnetB4 = scaled({ width: 1.4, depth: 1.8, dropout: 0.4 });
/** 30,389,784 parameters; for images of 456 pixels. */
export const efficientnetB5 = scaled({ width: 1.6, depth: 2.2, dropout: 0.4, batchNorm });
/** 43,040,704 parameters; for images of 528 pixels. */
export const efficientnetB6 = scaled({ width: 1.8, depth: 2.6, dropout: 0.5, batchNorm });
/** 66,347,960 parameters; for images of 600 pixels. */
export const efficientnetB7 = scaled({ width: 2, depth: 3.1, dropout: 0.5, batchNorm });
