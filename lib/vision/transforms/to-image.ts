import { scope } from '../../memory.js';
import { aten } from '../../operators/ops.js';
import type { Tensor } from '../../tensor.js';
import { isRawImage, type RawImage, toImage } from '../functional/to-image.js';
import { type Annotation, leavesOf, replaceIn } from './sample.js';
import { Transform, ValueTransform } from './transform.js';

/** {@link toImage} of every raw image of a sample; without one, of its first tensor. */
export class ToImage extends ValueTransform {
  override forward<One extends Annotation>(annotation: One): One;
  override forward(image: RawImage): Tensor;
  override forward(image: Tensor): Tensor;
  override forward<Rest extends unknown[]>(image: Tensor, ...rest: Rest): [Tensor, ...Rest];
  override forward<Sample>(sample: Sample): Sample;
  override forward(...inputs: unknown[]): unknown {
    const sample = inputs.length === 1 ? inputs[0] : inputs;
    const found = leavesOf(sample, isRawImage).filter(isRawImage);
    if (found.length === 0) return super.forward(sample);
    return scope(() => replaceIn(sample, new Map(found.map((raw) => [raw as unknown, toImage(raw)]))));
  }

  override transform(image: Tensor): Tensor {
    return toImage(image);
  }
}

/** Masks and boxes as plain tensors, which later transforms leave alone; the image as it is. */
export class ToPureTensor extends Transform {
  protected override annotate(annotation: Annotation): Tensor {
    return aten.alias(annotation);
  }

  override transform(image: Tensor): Tensor {
    return image;
  }
}
