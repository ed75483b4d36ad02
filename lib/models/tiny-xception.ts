// TinyXception of face-api.js (Mühler 2018; kept on as @vladmandic/face-api), and the network for ages and genders that
// stands on it: Xception's blocks, fewer and narrower, BatchNorm folded into biases.

import { tensor } from '../creation.js';
import { scope } from '../memory.js';
import { ModuleList, Sequential } from '../nn/container.js';
import { Conv2d } from '../nn/conv.js';
import { Linear } from '../nn/linear.js';
import { Module } from '../nn/module.js';
import { ReLU } from '../nn/rectifier.js';
import { aten } from '../operators/ops.js';
import type { Tensor } from '../tensor.js';
import { chain } from './chain.js';
import { SameMaxPool2d } from './same-max-pool.js';

/** Of the faces that it was trained with. */
const MEAN_RGB = [122.782, 117.001, 104.298];

/** Depthwise 3×3, then pointwise 1×1 with a bias. */
function separable(from: number, to: number): Sequential {
  return new Sequential(
    new Conv2d(from, from, 3, { padding: 1, groups: from, bias: false }),
    new Conv2d(from, to, 1),
  );
}

/** [ReLU] SepConv ReLU SepConv MaxPool 3×3/2, beside a 1×1/2 convolution: halves height and width. */
class ReductionBlock extends Module {
  separableConv0: Sequential;
  separableConv1: Sequential;
  expansionConv: Conv2d;
  pool = new SameMaxPool2d();
  relu = new ReLU();

  constructor(
    from: number,
    to: number,
    readonly activatesInput = true,
  ) {
    super();
    this.separableConv0 = separable(from, to);
    this.separableConv1 = separable(to, to);
    this.expansionConv = new Conv2d(from, to, 1, { stride: 2 });
  }

  override forward(x: Tensor): Tensor {
    const { separableConv0, separableConv1, expansionConv, pool, relu } = this;
    return scope(() => {
      const first = this.activatesInput ? relu : null;
      return chain(x, first, separableConv0, relu, separableConv1, pool).add(expansionConv.forward(x));
    });
  }
}

/** Three times ReLU SepConv, beside the identity. */
class MainBlock extends Module {
  separableConv0: Sequential;
  separableConv1: Sequential;
  separableConv2: Sequential;
  relu = new ReLU();

  constructor(channels: number) {
    super();
    this.separableConv0 = separable(channels, channels);
    this.separableConv1 = separable(channels, channels);
    this.separableConv2 = separable(channels, channels);
  }

  override forward(x: Tensor): Tensor {
    const { separableConv0, separableConv1, separableConv2, relu } = this;
    return scope(() => chain(x, relu, separableConv0, relu, separableConv1, relu, separableConv2).add(x));
  }
}

class EntryFlow extends Module {
  convIn = new Conv2d(3, 32, 3, { stride: 2 });
  reductionBlock0 = new ReductionBlock(32, 64, false);
  reductionBlock1 = new ReductionBlock(64, 128);

  override forward(x: Tensor): Tensor {
    return scope(() => {
      // TensorFlow's 'same': an even side is padded at its end only.
      const padded = aten.constantPadNd(x, [x.size(-1) % 2, 1, x.size(-2) % 2, 1]);
      return chain(padded, this.convIn, new ReLU(), this.reductionBlock0, this.reductionBlock1);
    });
  }
}

class ExitFlow extends Module {
  reductionBlock = new ReductionBlock(128, 256);
  readonly separableConv = separable(256, 512);

  override forward(x: Tensor): Tensor {
    return scope(() => chain(x, this.reductionBlock, this.separableConv, new ReLU()));
  }
}

/** Images [N, 3, H, W] → features [N, 512, H / 16, W / 16]. */
export class TinyXception extends Module {
  entryFlow = new EntryFlow();
  middleFlow: ModuleList<MainBlock>;
  exitFlow = new ExitFlow();

  constructor(mainBlocks = 2) {
    super();
    this.middleFlow = new ModuleList(Array.from({ length: mainBlocks }, () => new MainBlock(128)));
  }

  override forward(images: Tensor): Tensor {
    return scope(() => chain(images, this.entryFlow, ...this.middleFlow, this.exitFlow));
  }
}

export interface AgeGender {
  /** [N], in years. */
  readonly age: Tensor;
  /** [N, 2], of male and female; they add up to 1. */
  readonly gender: Tensor;
}

/** Age and gender from faces: RGB from 0 to 255, [N, 3, 112, 112]. 421,731 parameters. */
export class AgeGenderNet extends Module {
  features = new TinyXception();
  age = new Linear(512, 1);
  gender = new Linear(512, 2);

  override forward(faces: Tensor): AgeGender {
    return scope(() => {
      const mean = tensor(MEAN_RGB, { device: faces.device }).view([3, 1, 1]);
      const features = this.features.forward(faces.sub(mean).div(255));
      const pooled = aten.avgPool2d(features, 7, 2).flatten(1);
      return { age: this.age.forward(pooled).squeeze(1), gender: this.gender.forward(pooled).softmax(1) };
    });
  }
}
