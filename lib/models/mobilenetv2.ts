// "MobileNetV2: Inverted Residuals and Linear Bottlenecks" (Sandler et al. 2018), table 2; names and initial values are
// torchvision's.

import { scope } from '../memory.js';
import { BatchNorm2d } from '../nn/batchnorm.js';
import { type Layer, Sequential } from '../nn/container.js';
import { Conv2d } from '../nn/conv.js';
import { Dropout } from '../nn/dropout.js';
import { kaimingNormal_, normal_, zeros_ } from '../nn/init.js';
import { Linear } from '../nn/linear.js';
import { Module } from '../nn/module.js';
import { ReLU6 } from '../nn/rectifier.js';
import { aten } from '../operators/ops.js';
import { requireNames } from '../options.js';
import type { Tensor } from '../tensor.js';
import { multipleOf8 } from './channels.js';
import { Conv2dNormActivation } from './conv-norm-activation.js';

export interface MobileNetV2Options {
  numClasses?: number;
  /** Of the number of channels of each layer. */
  widthMult?: number;
  dropout?: number;
}

const activation = (): Layer => new ReLU6({ inplace: true });

/** Expansion t, channels c, times n, stride s of the first. */
const TABLE_2 = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

/** 1×1 expansion, depthwise 3×3, linear 1×1; beside the identity where the size stays (figure 3b). */
export class InvertedResidual extends Module {
  conv: Sequential;
  private readonly hasSkip: boolean;

  constructor(inChannels: number, outChannels: number, stride: number, expansion: number) {
    super();
    const hidden = inChannels * expansion;
    this.hasSkip = stride === 1 && inChannels === outChannels;
    const expand =
      expansion === 1 ? [] : [new Conv2dNormActivation(inChannels, hidden, { kernelSize: 1, activation })];
    this.conv = new Sequential<Layer>(
      ...expand,
      new Conv2dNormActivation(hidden, hidden, { stride, groups: hidden, activation }),
      new Conv2d(hidden, outChannels, 1, { bias: false }),
      new BatchNorm2d(outChannels),
    );
  }

  override forward(x: Tensor): Tensor {
    if (!this.hasSkip) return this.conv.forward(x);
    return scope(() => x.add(this.conv.forward(x)));
  }
}

/** Images [N, 3, H, W] → logits [N, numClasses]. 3,504,872 parameters for 1,000 classes. */
export class MobileNetV2 extends Module {
  features: Sequential;
  classifier: Sequential;

  constructor(options: MobileNetV2Options = {}) {
    requireNames(new.target, options, { numClasses: true, widthMult: true, dropout: true });
    const { numClasses = 1000, widthMult = 1, dropout = 0.2 } = options;
    super();
    let from = multipleOf8(32 * widthMult);
    const last = multipleOf8(1280 * Math.max(1, widthMult));
    const layers: Layer[] = [new Conv2dNormActivation(3, from, { stride: 2, activation })];
    for (const [expansion, channels, times, stride] of TABLE_2) {
      const to = multipleOf8(channels * widthMult);
      for (let i = 0; i < times; i += 1) {
        layers.push(new InvertedResidual(from, to, i === 0 ? stride : 1, expansion));
        from = to;
      }
    }
    layers.push(new Conv2dNormActivation(from, last, { kernelSize: 1, activation }));
    this.features = new Sequential(...layers);
    this.classifier = new Sequential<Layer>(new Dropout(dropout), new Linear(last, numClasses));

    for (const module of this.modules()) {
      if (module instanceof Conv2d) kaimingNormal_(module.weight, { mode: 'fan_out' });
      else if (module instanceof Linear) {
        normal_(module.weight, 0, 0.01);
        zeros_(module.bias as Tensor);
      }
    }
  }

  override forward(images: Tensor): Tensor {
    return scope(() => {
      const pooled = aten.adaptiveAvgPool2d(this.features.forward(images), [1, 1]);
      return this.classifier.forward(pooled.flatten(1));
    });
  }
}

export const mobilenetV2 = (options?: MobileNetV2Options) => new MobileNetV2(options);
