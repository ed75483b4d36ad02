import { tensor } from '../../creation.js';
import { ValueError } from '../../errors.js';
import { requireNames } from '../../options.js';
import type { Tensor } from '../../tensor.js';
import { normal, randint } from '../draws.js';
import { erase } from '../functional/erase.js';
import { imageSize } from '../functional/image-size.js';
import { type Attributes, floats } from './attributes.js';
import { drawSides, pair, type Range, warnOfOrder } from './random-area.js';
import { RandomValueTransform } from './transform.js';

export interface RandomErasingOptions {
  /** Default 0.5. */
  p?: number;
  /** Of the area that is erased, in parts of the image's. Default [0.02, 0.33]. */
  scale?: Range;
  /** Of height to width of what is erased. Default [0.3, 3.3]. */
  ratio?: Range;
  /** One number, one per channel, or 'random' for normal noise. Default 0. */
  value?: number | readonly number[] | 'random';
  /** Write into the image itself. Default false. */
  inplace?: boolean;
}

interface Rectangle {
  top: number;
  left: number;
  height: number;
  width: number;
  value: Tensor;
}

const ATTEMPTS = 10;

/** Overwrites a random rectangle, with probability `p` (Zhong et al. 2017). */
export class RandomErasing extends RandomValueTransform<Rectangle | null> {
  readonly scale: Range;
  readonly ratio: Range;
  readonly value: readonly number[] | null;
  readonly inplace: boolean;

  /** @throws ValueError on a scale outside of [0, 1] or another word than 'random' */
  constructor(options: RandomErasingOptions = {}) {
    requireNames(new.target, options, { p: true, scale: true, ratio: true, value: true, inplace: true });
    const { p = 0.5, scale = pair(0.02, 0.33), ratio = pair(0.3, 3.3), value = 0, inplace = false } = options;
    super({ p });
    if (typeof value === 'string' && value !== 'random') {
      throw new ValueError("If value is str, it should be 'random'");
    }
    warnOfOrder(scale, ratio);
    if (scale[0] < 0 || scale[1] > 1) throw new ValueError('Scale should be between 0 and 1');
    this.scale = scale;
    this.ratio = ratio;
    this.value = value === 'random' ? null : typeof value === 'number' ? [value] : value;
    this.inplace = inplace;
  }

  protected override attributes(): Attributes {
    return {
      ...super.attributes(),
      scale: floats(this.scale),
      ratio: floats(this.ratio),
      value: this.value && floats(this.value),
      inplace: this.inplace,
    };
  }

  override makeParams(image: Tensor): Rectangle | null {
    const [channels, imageHeight, imageWidth] = imageSize(image);
    if (this.value !== null && this.value.length !== 1 && this.value.length !== channels) {
      throw new ValueError(
        `If value is a sequence, it should have either a single value or ${channels} (number of inpt channels)`,
      );
    }
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const [height, width] = drawSides(imageHeight * imageWidth, this.scale, this.ratio);
      if (height < imageHeight && width < imageWidth) {
        const value =
          this.value === null ? normal([channels, height, width]) : tensor(this.value).view([-1, 1, 1]);
        const top = randint(0, imageHeight - height + 1);
        const left = randint(0, imageWidth - width + 1);
        return { top, left, height, width, value };
      }
    }
    return null;
  }

  override transform(image: Tensor, rectangle: Rectangle | null): Tensor {
    if (rectangle === null) return image;
    const { top, left, height, width, value } = rectangle;
    return erase(image, top, left, height, width, value, { inplace: this.inplace });
  }
}
