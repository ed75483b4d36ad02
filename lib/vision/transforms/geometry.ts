import { requireKnown, requireNames } from '../../options.js';
import type { Tensor } from '../../tensor.js';
import { centerCrop } from '../functional/center-crop.js';
import { fiveCrop, tenCrop } from '../functional/five-crop.js';
import { horizontalFlip, verticalFlip } from '../functional/flip.js';
import { type Padding, type PadOptions, pad, paddingSides } from '../functional/pad.js';
import { type ResizeOptions, resize } from '../functional/resize.js';
import type { ResizeSize } from '../functional/resized-size.js';
import { heightAndWidth, SIZE_MESSAGE, type Size } from '../functional/two-sizes.js';
import type { Attributes } from './attributes.js';
import { type ByKind, filledFor, printedFill } from './fill-by-kind.js';
import { type Annotation, unsupported } from './sample.js';
import { RandomApplyTransform, Transform } from './transform.js';

/** {@link horizontalFlip} with probability `p` (default 0.5). */
export class RandomHorizontalFlip extends RandomApplyTransform {
  override transform(image: Tensor): Tensor {
    return horizontalFlip(image);
  }
}

/** {@link verticalFlip} with probability `p` (default 0.5). */
export class RandomVerticalFlip extends RandomApplyTransform {
  override transform(image: Tensor): Tensor {
    return verticalFlip(image);
  }
}

/** {@link resize}. */
export class Resize extends Transform {
  constructor(
    readonly size: ResizeSize,
    readonly options: ResizeOptions = {},
  ) {
    requireNames(new.target, options, { interpolation: true, antialias: true, maxSize: true });
    super();
  }

  protected override attributes(): Attributes {
    return {
      size: typeof this.size === 'number' ? [this.size] : this.size,
      interpolation: this.options.interpolation ?? 'bilinear',
      maxSize: this.options.maxSize,
      antialias: this.options.antialias ?? true,
    };
  }

  override transform(image: Tensor): Tensor {
    return resize(image, this.size, this.options);
  }
}

/** {@link centerCrop}. */
export class CenterCrop extends Transform {
  readonly size: readonly [number, number];

  constructor(size: Size) {
    super();
    this.size = heightAndWidth(size, SIZE_MESSAGE);
  }

  protected override attributes(): Attributes {
    return { size: this.size };
  }

  override transform(image: Tensor): Tensor {
    return centerCrop(image, this.size);
  }
}

/** {@link fiveCrop}. */
export class FiveCrop extends Transform<unknown, Tensor[]> {
  readonly size: readonly [number, number];

  constructor(size: Size) {
    super();
    this.size = heightAndWidth(size, SIZE_MESSAGE);
  }

  protected override attributes(): Attributes {
    return { size: this.size };
  }

  protected override annotate(annotation: Annotation): never {
    throw unsupported(annotation, this);
  }

  override transform(image: Tensor): Tensor[] {
    return fiveCrop(image, this.size);
  }
}

/** {@link tenCrop}. */
export class TenCrop extends Transform<unknown, Tensor[]> {
  readonly size: readonly [number, number];
  readonly verticalFlip: boolean;

  constructor(size: Size, options: { verticalFlip?: boolean } = {}) {
    const { verticalFlip = false, ...others } = options;
    requireKnown(new.target, options, others);
    super();
    this.size = heightAndWidth(size, SIZE_MESSAGE);
    this.verticalFlip = verticalFlip;
  }

  protected override attributes(): Attributes {
    return { size: this.size, verticalFlip: this.verticalFlip };
  }

  protected override annotate(annotation: Annotation): never {
    throw unsupported(annotation, this);
  }

  override transform(image: Tensor): Tensor[] {
    return tenCrop(image, this.size, { verticalFlip: this.verticalFlip });
  }
}

/** {@link pad}. */
export class Pad extends Transform {
  constructor(
    readonly padding: Padding,
    readonly options: ByKind<PadOptions> = {},
  ) {
    requireNames(new.target, options, { fill: true, paddingMode: true });
    super();
    paddingSides(padding);
  }

  protected override attributes(): Attributes {
    return {
      padding: this.padding,
      fill: printedFill(this.options.fill ?? 0),
      paddingMode: this.options.paddingMode ?? 'constant',
    };
  }

  override transform(image: Tensor): Tensor {
    return pad(image, this.padding, filledFor(image, this.options));
  }
}
