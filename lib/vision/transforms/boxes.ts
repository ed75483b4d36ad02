import { requireNames } from '../../options.js';
import type { Tensor } from '../../tensor.js';
import { clampBoundingBoxes } from '../boxes/clamp.js';
import { convertBoundingBoxFormat } from '../boxes/convert-format.js';
import {
  BoundingBoxes,
  type BoundingBoxFormat,
  type ClampingMode,
  checkFormat,
} from '../tv-tensors/bounding-boxes.js';
import type { Attributes } from './attributes.js';
import type { Annotation } from './sample.js';
import { Transform } from './transform.js';

/** Base of what changes the boxes of a sample and nothing else. */
abstract class BoxesTransform extends Transform {
  protected abstract changeBoxes(boxes: BoundingBoxes): BoundingBoxes;

  protected override annotate(annotation: Annotation): Annotation {
    return annotation instanceof BoundingBoxes ? this.changeBoxes(annotation) : annotation;
  }

  override transform(image: Tensor): Tensor {
    return image;
  }
}

/** {@link convertBoundingBoxFormat}. */
export class ConvertBoundingBoxFormat extends BoxesTransform {
  readonly format: BoundingBoxFormat;

  constructor(format: BoundingBoxFormat) {
    super();
    this.format = checkFormat(format);
  }

  protected override attributes(): Attributes {
    return { format: this.format };
  }

  protected override changeBoxes(boxes: BoundingBoxes): BoundingBoxes {
    return convertBoundingBoxFormat(boxes, this.format);
  }
}

/** {@link clampBoundingBoxes}, by default in the boxes' own mode. */
export class ClampBoundingBoxes extends BoxesTransform {
  readonly clampingMode: ClampingMode | 'auto';

  constructor(options: { clampingMode?: ClampingMode | 'auto' } = {}) {
    requireNames(new.target, options, { clampingMode: true });
    super();
    const { clampingMode = 'auto' } = options;
    this.clampingMode = clampingMode;
  }

  protected override attributes(): Attributes {
    return { clampingMode: this.clampingMode };
  }

  protected override changeBoxes(boxes: BoundingBoxes): BoundingBoxes {
    return clampBoundingBoxes(boxes, { clampingMode: this.clampingMode });
  }
}
