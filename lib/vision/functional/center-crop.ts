import { scope } from '../../memory.js';
import { aten } from '../../operators/ops.js';
import { roundHalfEven } from '../../python-number.js';
import type { Tensor } from '../../tensor.js';
import { centerCropBoxes } from '../boxes/move.js';
import { imageSize } from './image-size.js';
import { onKind } from './on-kind.js';
import { heightAndWidth, SIZE_MESSAGE, type Size } from './two-sizes.js';

/**
 * The middle of an image [..., C, H, W], a view of it; where the image is smaller it is padded with 0. The offset
 * rounds half to even (torchvision.transforms.v2.functional.center_crop).
 *
 * @param size one number for a square, or `[height, width]`
 */
export function centerCrop<T extends Tensor>(image: T, size: Size): T {
  const wanted = heightAndWidth(size, SIZE_MESSAGE);
  return scope(() =>
    onKind(image, {
      image: (pixels) => cropMiddle(pixels, wanted),
      boxes: (boxes) => centerCropBoxes(boxes, wanted),
    }),
  );
}

function cropMiddle(image: Tensor, [cropHeight, cropWidth]: readonly [number, number]): Tensor {
  imageSize(image);
  if (image.numel() === 0) return image.reshape([...image.shape.slice(0, -2), cropHeight, cropWidth]);
  const padded = pad(image, cropHeight, cropWidth);
  const [, height, width] = imageSize(padded);
  const top = roundHalfEven((height - cropHeight) / 2);
  const left = roundHalfEven((width - cropWidth) / 2);
  return padded.narrow(-2, top, cropHeight).narrow(-1, left, cropWidth);
}

// An odd rest goes to the right and bottom.
function pad(image: Tensor, cropHeight: number, cropWidth: number): Tensor {
  const [, height, width] = imageSize(image);
  const missingHeight = Math.max(cropHeight - height, 0);
  const missingWidth = Math.max(cropWidth - width, 0);
  if (missingHeight === 0 && missingWidth === 0) return image;
  const [left, top] = [Math.floor(missingWidth / 2), Math.floor(missingHeight / 2)];
  return aten.constantPadNd(image, [left, missingWidth - left, top, missingHeight - top], 0);
}
