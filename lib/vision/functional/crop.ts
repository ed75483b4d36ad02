import { ellipsis, slice } from '../../indexing.js';
import { scope } from '../../memory.js';
import { requireNames } from '../../options.js';
import type { Tensor } from '../../tensor.js';
import { cropBoxes } from '../boxes/move.js';
import { Mask } from '../tv-tensors/mask.js';
import { imageSize } from './image-size.js';
import { onKind } from './on-kind.js';
import { padPlain } from './pad.js';
import { type ResizeOptions, resize } from './resize.js';
import type { ResizeSize } from './resized-size.js';

/**
 * The rectangle with the given upper left corner, a view of the image [..., C, H, W]; what lies outside of the image
 * is 0, and then it is a copy (torchvision.transforms.v2.functional.crop).
 */
export function crop<T extends Tensor>(
  image: T,
  top: number,
  left: number,
  height: number,
  width: number,
): T {
  return scope(() =>
    onKind(image, {
      image: (pixels) => cropPixels(pixels, top, left, height, width),
      boxes: (boxes) => cropBoxes(boxes, top, left, [height, width]),
    }),
  );
}

function cropPixels(image: Tensor, top: number, left: number, height: number, width: number): Tensor {
  const [, imageHeight, imageWidth] = imageSize(image);
  const [bottom, right] = [top + height, left + width];
  const inside = image.index(ellipsis, slice(Math.max(top, 0), bottom), slice(Math.max(left, 0), right));
  if (left >= 0 && top >= 0 && right <= imageWidth && bottom <= imageHeight) return inside;
  const missingLeft = Math.max(Math.min(right, 0) - left, 0);
  const missingRight = Math.max(right - Math.max(imageWidth, left), 0);
  const missingTop = Math.max(Math.min(bottom, 0) - top, 0);
  const missingBottom = Math.max(bottom - Math.max(imageHeight, top), 0);
  return padPlain(inside, [missingLeft, missingRight, missingTop, missingBottom], 0, 'constant');
}

/** {@link crop}, then {@link resize} (torchvision.transforms.v2.functional.resized_crop). */
export function resizedCrop<T extends Tensor>(
  image: T,
  top: number,
  left: number,
  height: number,
  width: number,
  size: ResizeSize,
  options: Pick<ResizeOptions, 'interpolation' | 'antialias'> = {},
): T {
  requireNames(resizedCrop, options, { interpolation: true, antialias: true });
  return scope(() =>
    // torchvision does not tell a mask the interpolation here.
    resize(crop(image, top, left, height, width), size, image instanceof Mask ? {} : options),
  );
}
