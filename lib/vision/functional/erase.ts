import { ellipsis, slice } from '../../indexing.js';
import { requireNames } from '../../options.js';
import type { Tensor } from '../../tensor.js';

/**
 * Overwrites a rectangle of an image [..., C, H, W] with `value`, which broadcasts to [..., C, height, width]
 * (torchvision.transforms.v2.functional.erase).
 *
 * @param options.inplace write into the image itself; default false
 */
export function erase(
  image: Tensor,
  top: number,
  left: number,
  height: number,
  width: number,
  value: Tensor,
  options: { inplace?: boolean } = {},
): Tensor {
  requireNames(erase, options, { inplace: true });
  const output = options.inplace ? image : image.clone();
  return output.indexPut_([ellipsis, slice(top, top + height), slice(left, left + width)], value);
}
