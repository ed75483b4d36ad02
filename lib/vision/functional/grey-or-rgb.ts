import type { Tensor } from '../../tensor.js';
import { imageSize } from './image-size.js';

/**
 * How many channels the image has.
 *
 * @throws TypeError unless it is 1 or 3
 */
export function greyOrRgb(image: Tensor): 1 | 3 {
  const [channels] = imageSize(image);
  if (channels === 1 || channels === 3) return channels;
  throw new TypeError(`Input image tensor permitted channel values are 1 or 3, but found ${channels}`);
}
