import { tensor } from '../../creation.js';
import { ValueError } from '../../errors.js';
import { ellipsis, slice } from '../../indexing.js';
import { scope } from '../../memory.js';
import { Module } from '../../nn/index.js';
import { aten } from '../../operators/ops.js';
import { requireKnown } from '../../options.js';
import { sqrt } from '../../python-number.js';
import { sizeText } from '../../python-text.js';
import { float } from '../../scalar.js';
import { isTensor, type Tensor } from '../../tensor.js';
import { dirichlet, randint } from '../draws.js';
import { imageSize } from '../functional/image-size.js';
import { attributesText } from './attributes.js';

export interface MixOptions {
  /** Of the beta distribution that the share is drawn from. Default 1. */
  alpha?: number;
  /** Needed where labels are class indices. */
  numClasses?: number | null;
}

type Mixed = [image: Tensor, label: Tensor];

/**
 * Base of MixUp and CutMix: mixes each image of a batch [N, C, H, W] with the one before it, and its label with that
 * one's. Labels are class indices [N], or probabilities [N, numClasses], which is also what comes out.
 */
abstract class Mix extends Module {
  readonly alpha: number;
  readonly numClasses: number | null;

  constructor(options: MixOptions = {}) {
    const { alpha = 1, numClasses = null, ...others } = options;
    requireKnown(new.target, options, others);
    super();
    this.alpha = alpha;
    this.numClasses = numClasses;
  }

  override extraRepr(): string {
    return attributesText({ alpha: float(this.alpha), numClasses: this.numClasses });
  }

  /** Gives images, and the share of itself that each kept. */
  protected abstract mix(images: Tensor): [images: Tensor, share: number];

  /** @throws ValueError on labels of another shape, and on batches of different sizes */
  override forward(images: Tensor, labels: Tensor): Mixed {
    this.check(images, labels);
    return scope(() => {
      const [mixed, share] = this.mix(images);
      return [mixed, this.mixLabels(labels, share)];
    });
  }

  private check(images: Tensor, labels: Tensor): void {
    if (!isTensor(labels))
      throw new ValueError(`The labels must be a tensor, but got ${typeof labels} instead.`);
    if (labels.dim() !== 1 && labels.dim() !== 2) {
      throw new ValueError(
        'labels should be index based with shape (batch_size,) or probability based with shape ' +
          `(batch_size, num_classes), but got a tensor of shape ${sizeText(labels.shape)} instead.`,
      );
    }
    if (labels.dim() === 2 && this.numClasses !== null && labels.size(1) !== this.numClasses) {
      throw new ValueError(
        'When passing 2D labels, the number of elements in last dimension must match num_classes: ' +
          `${labels.size(1)} != ${this.numClasses}. You can Leave num_classes to None.`,
      );
    }
    if (labels.dim() === 1 && this.numClasses === null) {
      throw new ValueError('num_classes must be passed if the labels are index-based (1D)');
    }
    if (images.dim() !== 4) {
      throw new ValueError(
        `Expected a batched input with 4 dims, but got ${images.dim()} dimensions instead.`,
      );
    }
    if (images.size(0) !== labels.size(0)) {
      throw new ValueError(
        'The batch size of the image or video does not match the batch size of the labels: ' +
          `${images.size(0)} != ${labels.size(0)}.`,
      );
    }
  }

  private mixLabels(labels: Tensor, share: number): Tensor {
    const hot = labels.dim() === 1 ? aten.oneHot(labels, this.numClasses as number) : labels;
    return withPrevious(hot.dtype.isFloatingPoint ? hot : hot.float(), share);
  }

  /** One draw from the beta distribution. */
  protected drawShare(): number {
    return scope(
      () =>
        dirichlet(tensor([[this.alpha, this.alpha]]))
          .select(-1, 0)
          .item() as number,
    );
  }
}

function withPrevious(batch: Tensor, share: number): Tensor {
  return batch
    .roll(1, 0)
    .mul_(1 - share)
    .add_(batch.mul(share));
}

/** The weighted mean of two images (Zhang et al. 2018). Floating point images. */
export class MixUp extends Mix {
  protected override mix(images: Tensor): [Tensor, number] {
    const share = this.drawShare();
    return [withPrevious(images, share), share];
  }
}

/** A rectangle of the other image (Yun et al. 2019). */
export class CutMix extends Mix {
  protected override mix(images: Tensor): [Tensor, number] {
    const share = this.drawShare();
    const [, height, width] = imageSize(images);
    const middleX = randint(0, width);
    const middleY = randint(0, height);
    const half = 0.5 * sqrt(1 - share);
    const [halfWidth, halfHeight] = [Math.trunc(half * width), Math.trunc(half * height)];
    const [left, right] = [Math.max(middleX - halfWidth, 0), Math.min(middleX + halfWidth, width)];
    const [top, bottom] = [Math.max(middleY - halfHeight, 0), Math.min(middleY + halfHeight, height)];
    const place = [ellipsis, slice(top, bottom), slice(left, right)];
    const mixed = images.clone().indexPut_(place, images.roll(1, 0).index(...place));
    return [mixed, 1 - ((right - left) * (bottom - top)) / (width * height)];
  }
}
