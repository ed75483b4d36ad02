import { ValueError } from '../../errors.js';
import { sizeText } from '../../python-text.js';
import type { Tensor } from '../../tensor.js';

/**
 * Channels, height and width of an image [..., C, H, W].
 *
 * @throws ValueError on fewer than three dimensions
 */
export function imageSize(image: Tensor): [channels: number, height: number, width: number] {
  const { shape } = image;
  if (shape.length < 3) {
    throw new ValueError(
      `Expected tensor to be a tensor image of size (..., C, H, W). Got ${sizeText(shape)}.`,
    );
  }
  return shape.slice(-3) as [number, number, number];
}
