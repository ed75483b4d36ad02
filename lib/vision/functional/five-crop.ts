import { ValueError } from '../../errors.js';
import { scope } from '../../memory.js';
import { requireNames } from '../../options.js';
import { tupleText } from '../../python-text.js';
import type { Tensor } from '../../tensor.js';
import { centerCrop } from './center-crop.js';
import { crop } from './crop.js';
import { horizontalFlip, verticalFlip } from './flip.js';
import { imageSize } from './image-size.js';
import { heightAndWidth, SIZE_MESSAGE, type Size } from './two-sizes.js';

/**
 * The corners (top left, top right, bottom left, bottom right) and the middle of an image [..., C, H, W], as views
 * (torchvision.transforms.v2.functional.five_crop).
 *
 * @throws ValueError when the image is smaller than a crop
 */
export function fiveCrop(image: Tensor, size: Size): Tensor[] {
  const [cropHeight, cropWidth] = heightAndWidth(size, SIZE_MESSAGE);
  const [, height, width] = imageSize(image);
  if (cropWidth > width || cropHeight > height) {
    throw new ValueError(
      `Requested crop size ${tupleText([cropHeight, cropWidth])} is bigger than input size ${tupleText([height, width])}`,
    );
  }
  const [bottom, right] = [height - cropHeight, width - cropWidth];
  const corner = (top: number, left: number) => crop(image, top, left, cropHeight, cropWidth);
  return [
    corner(0, 0),
    corner(0, right),
    corner(bottom, 0),
    corner(bottom, right),
    centerCrop(image, [cropHeight, cropWidth]),
  ];
}

/**
 * {@link fiveCrop} of the image and of its mirror image (torchvision.transforms.v2.functional.ten_crop).
 *
 * @param options.verticalFlip turn upside down instead of mirroring; default false
 */
export function tenCrop(image: Tensor, size: Size, options: { verticalFlip?: boolean } = {}): Tensor[] {
  requireNames(tenCrop, options, { verticalFlip: true });
  return scope(() => {
    const flipped = options.verticalFlip ? verticalFlip(image) : horizontalFlip(image);
    return [...fiveCrop(image, size), ...fiveCrop(flipped, size)];
  });
}
