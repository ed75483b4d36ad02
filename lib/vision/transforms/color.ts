import { requireKnown, requireOptions } from '../../options.js';
import type { Tensor } from '../../tensor.js';
import { randperm } from '../draws.js';
import { adjustSharpness } from '../functional/adjust-sharpness.js';
import { autocontrast } from '../functional/autocontrast.js';
import { equalize } from '../functional/equalize.js';
import { grayscaleToRgb, rgbToGrayscale } from '../functional/grayscale.js';
import { imageSize } from '../functional/image-size.js';
import { permuteChannels } from '../functional/permute-channels.js';
import { invert, posterize, solarize } from '../functional/tones.js';
import type { Attributes } from './attributes.js';
import { type RandomApplyTransformOptions, RandomValueTransform, ValueTransform } from './transform.js';

/** {@link rgbToGrayscale} with 1 (default) or 3 channels. */
export class Grayscale extends ValueTransform {
  readonly numOutputChannels: number;

  constructor(options: { numOutputChannels?: number } = {}) {
    const { numOutputChannels = 1, ...others } = options;
    requireKnown(new.target, options, others);
    super();
    this.numOutputChannels = numOutputChannels;
  }

  protected override attributes(): Attributes {
    return { numOutputChannels: this.numOutputChannels };
  }

  override transform(image: Tensor): Tensor {
    return rgbToGrayscale(image, { numOutputChannels: this.numOutputChannels });
  }
}

/** {@link rgbToGrayscale} with as many channels as before, with probability `p` (default 0.1). */
export class RandomGrayscale extends RandomValueTransform {
  constructor(options: RandomApplyTransformOptions = {}) {
    const { p = 0.1, ...others } = options;
    requireKnown(new.target, options, others);
    super({ p });
  }

  override transform(image: Tensor): Tensor {
    const [numOutputChannels] = imageSize(image);
    return rgbToGrayscale(image, { numOutputChannels });
  }
}

/** {@link grayscaleToRgb}. */
export class RGB extends ValueTransform {
  override transform(image: Tensor): Tensor {
    return grayscaleToRgb(image);
  }
}

/** The channels in a random order. */
export class RandomChannelPermutation extends ValueTransform<number[]> {
  override makeParams(image: Tensor): number[] {
    const [channels] = imageSize(image);
    return randperm(channels);
  }

  override transform(image: Tensor, permutation: number[]): Tensor {
    return permuteChannels(image, permutation);
  }
}

/** {@link equalize} with probability `p` (default 0.5). */
export class RandomEqualize extends RandomValueTransform {
  override transform(image: Tensor): Tensor {
    return equalize(image);
  }
}

/** {@link invert} with probability `p` (default 0.5). */
export class RandomInvert extends RandomValueTransform {
  override transform(image: Tensor): Tensor {
    return invert(image);
  }
}

/** {@link autocontrast} with probability `p` (default 0.5). */
export class RandomAutocontrast extends RandomValueTransform {
  override transform(image: Tensor): Tensor {
    return autocontrast(image);
  }
}

/** {@link posterize} with probability `p` (default 0.5). */
export class RandomPosterize extends RandomValueTransform {
  constructor(
    readonly bits: number,
    options: RandomApplyTransformOptions = {},
  ) {
    requireOptions(new.target, options);
    super(options);
  }

  protected override attributes(): Attributes {
    return { ...super.attributes(), bits: this.bits };
  }

  override transform(image: Tensor): Tensor {
    return posterize(image, this.bits);
  }
}

/** {@link solarize} with probability `p` (default 0.5). */
export class RandomSolarize extends RandomValueTransform {
  constructor(
    readonly threshold: number,
    options: RandomApplyTransformOptions = {},
  ) {
    requireOptions(new.target, options);
    super(options);
  }

  protected override attributes(): Attributes {
    return { ...super.attributes(), threshold: this.threshold };
  }

  override transform(image: Tensor): Tensor {
    return solarize(image, this.threshold);
  }
}

/** {@link adjustSharpness} with probability `p` (default 0.5). */
export class RandomAdjustSharpness extends RandomValueTransform {
  constructor(
    readonly sharpnessFactor: number,
    options: RandomApplyTransformOptions = {},
  ) {
    requireOptions(new.target, options);
    super(options);
  }

  protected override attributes(): Attributes {
    return { ...super.attributes(), sharpnessFactor: this.sharpnessFactor };
  }

  override transform(image: Tensor): Tensor {
    return adjustSharpness(image, this.sharpnessFactor);
  }
}
