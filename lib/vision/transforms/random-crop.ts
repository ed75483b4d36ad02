import { ValueError } from '../../errors.js';
import { requireNames } from '../../options.js';
import { tupleText } from '../../python-text.js';
import type { Tensor } from '../../tensor.js';
import { randint } from '../draws.js';
import { crop } from '../functional/crop.js';
import { type Padding, type PadOptions, pad, paddingSides, type Sides } from '../functional/pad.js';
import { heightAndWidth, SIZE_MESSAGE, type Size } from '../functional/two-sizes.js';
import type { Attributes } from './attributes.js';
import { type ByKind, filledFor, printedFill } from './fill-by-kind.js';
import { type Annotation, commonSize } from './sample.js';
import { Transform } from './transform.js';

export interface RandomCropOptions extends ByKind<PadOptions> {
  /** Added before the crop. Default none. */
  padding?: Padding | null;
  /** Add on both sides what the image lacks. Default false. */
  padIfNeeded?: boolean;
}

interface Place {
  padding: Sides;
  /** Null where the image has the crop's size already. */
  corner: { top: number; left: number } | null;
}

/**
 * A crop of the given size at a random place.
 *
 * @throws ValueError when an image is smaller than the crop
 */
export class RandomCrop extends Transform<Place> {
  readonly size: readonly [height: number, width: number];
  readonly options: RandomCropOptions;
  private readonly sides: Sides | null;

  constructor(size: Size, options: RandomCropOptions = {}) {
    requireNames(new.target, options, { padding: true, padIfNeeded: true, fill: true, paddingMode: true });
    super();
    this.size = heightAndWidth(size, SIZE_MESSAGE);
    this.options = options;
    const { padding } = options;
    this.sides = padding === undefined || padding === null || padding === 0 ? null : paddingSides(padding);
  }

  protected override attributes(): Attributes {
    return {
      size: this.size,
      padding: this.sides,
      padIfNeeded: this.options.padIfNeeded ?? false,
      fill: printedFill(this.options.fill ?? 0),
      paddingMode: this.options.paddingMode ?? 'constant',
    };
  }

  override makeParams(image: Tensor, annotations: readonly Annotation[] = []): Place {
    const [imageHeight, imageWidth] = commonSize(image, annotations);
    const [cropHeight, cropWidth] = this.size;
    let [left, right, top, bottom] = this.sides ?? [0, 0, 0, 0];
    if (this.options.padIfNeeded) {
      const lackingHeight = Math.max(cropHeight - (imageHeight + top + bottom), 0);
      const lackingWidth = Math.max(cropWidth - (imageWidth + left + right), 0);
      [top, bottom] = [top + lackingHeight, bottom + lackingHeight];
      [left, right] = [left + lackingWidth, right + lackingWidth];
    }
    const [height, width] = [imageHeight + top + bottom, imageWidth + left + right];
    if (height < cropHeight || width < cropWidth) {
      throw new ValueError(
        `Required crop size ${tupleText(this.size)} is larger than ` +
          `${this.sides ? 'padded ' : ''}input image size ${tupleText([height, width])}.`,
      );
    }
    // Nothing is drawn where there is no choice.
    const cropTop = height > cropHeight ? randint(0, height - cropHeight + 1) : 0;
    const cropLeft = width > cropWidth ? randint(0, width - cropWidth + 1) : 0;
    const isWhole = height === cropHeight && width === cropWidth;
    return {
      padding: [left, right, top, bottom],
      corner: isWhole ? null : { top: cropTop, left: cropLeft },
    };
  }

  override transform(image: Tensor, { padding, corner }: Place): Tensor {
    const [left, right, top, bottom] = padding;
    const { fill, paddingMode } = this.options;
    const padded = padding.some((side) => side !== 0)
      ? pad(image, [left, top, right, bottom], filledFor(image, { fill, paddingMode }))
      : image;
    return corner ? crop(padded, corner.top, corner.left, ...this.size) : padded;
  }
}
