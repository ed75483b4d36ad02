import type { Tensor } from '../../tensor.js';
import { BoundingBoxes } from '../tv-tensors/bounding-boxes.js';
import { Mask } from '../tv-tensors/mask.js';

/** What a geometric function does to the kinds of tensors. */
export interface Kernels {
  image: (image: Tensor) => Tensor;
  /** Of a mask [..., C, H, W]. Default: as an image. */
  mask?: (mask: Tensor) => Tensor;
  boxes: (boxes: BoundingBoxes) => BoundingBoxes;
}

/** Calls the kernel for the kind that `input` is; the kind comes out again. */
export function onKind<T extends Tensor>(input: T, { image, mask = image, boxes }: Kernels): T {
  if (input instanceof BoundingBoxes) return boxes(input) as Tensor as T;
  if (input instanceof Mask) return new Mask(withChannel(input, mask)) as Tensor as T;
  return image(input) as T;
}

function withChannel(mask: Mask, kernel: (mask: Tensor) => Tensor): Tensor {
  return mask.dim() < 3 ? kernel(mask.unsqueeze(0)).squeeze(0) : kernel(mask);
}
