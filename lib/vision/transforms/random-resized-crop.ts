import { requireNames } from '../../options.js';
import { floorDiv, roundHalfEven } from '../../python-number.js';
import type { Tensor } from '../../tensor.js';
import { randint } from '../draws.js';
import { resizedCrop } from '../functional/crop.js';
import type { ResizeOptions } from '../functional/resize.js';
import { heightAndWidth, SIZE_MESSAGE, type Size } from '../functional/two-sizes.js';
import { type Attributes, floats, resizingAttributes } from './attributes.js';
import { drawSides, pair, type Range, warnOfOrder } from './random-area.js';
import { type Annotation, commonSize } from './sample.js';
import { Transform } from './transform.js';

export interface RandomResizedCropOptions extends Pick<ResizeOptions, 'interpolation' | 'antialias'> {
  /** Of the area that is cut out, in parts of the image's. Default [0.08, 1]. */
  scale?: Range;
  /** Of width to height of what is cut out. Default [3/4, 4/3]. */
  ratio?: Range;
}

interface Place {
  top: number;
  left: number;
  height: number;
  width: number;
}

const ATTEMPTS = 10;

/** A crop of random area and shape at a random place, resized: the crop that Inception networks are trained with. */
export class RandomResizedCrop extends Transform<Place> {
  readonly size: readonly [height: number, width: number];
  readonly scale: Range;
  readonly ratio: Range;
  readonly options: Pick<ResizeOptions, 'interpolation' | 'antialias'>;

  constructor(size: Size, options: RandomResizedCropOptions = {}) {
    requireNames(new.target, options, { scale: true, ratio: true, interpolation: true, antialias: true });
    super();
    const { scale = pair(0.08, 1), ratio = pair(3 / 4, 4 / 3), ...resizing } = options;
    this.size = heightAndWidth(size, SIZE_MESSAGE);
    warnOfOrder(scale, ratio);
    this.scale = scale;
    this.ratio = ratio;
    this.options = resizing;
  }

  protected override attributes(): Attributes {
    return {
      size: this.size,
      scale: floats(this.scale),
      ratio: floats(this.ratio),
      ...resizingAttributes(this.options),
    };
  }

  override makeParams(image: Tensor, annotations: readonly Annotation[] = []): Place {
    const [imageHeight, imageWidth] = commonSize(image, annotations);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const [width, height] = drawSides(imageHeight * imageWidth, this.scale, this.ratio);
      if (width > 0 && width <= imageWidth && height > 0 && height <= imageHeight) {
        const top = randint(0, imageHeight - height + 1);
        const left = randint(0, imageWidth - width + 1);
        return { top, left, height, width };
      }
    }
    return this.middle(imageHeight, imageWidth);
  }

  /** The largest crop in the middle whose shape is allowed. */
  private middle(imageHeight: number, imageWidth: number): Place {
    const [least, most] = [Math.min(...this.ratio), Math.max(...this.ratio)];
    const ratio = imageWidth / imageHeight;
    const height = ratio < least ? roundHalfEven(imageWidth / least) : imageHeight;
    const width = ratio > most ? roundHalfEven(imageHeight * most) : imageWidth;
    const [top, left] = [floorDiv(imageHeight - height, 2), floorDiv(imageWidth - width, 2)];
    return { top, left, height, width };
  }

  override transform(image: Tensor, { top, left, height, width }: Place): Tensor {
    return resizedCrop(image, top, left, height, width, this.size, this.options);
  }
}
