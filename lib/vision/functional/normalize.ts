import { tensor } from '../../creation.js';
import { ValueError } from '../../errors.js';
import { scope } from '../../memory.js';
import { requireNames } from '../../options.js';
import type { Tensor } from '../../tensor.js';
import { imageSize } from './image-size.js';

export interface NormalizeOptions {
  /** Change the image itself. Default false. */
  inplace?: boolean;
}

/**
 * `(image - mean) / std` per channel, for a floating point image [..., C, H, W]
 * (torchvision.transforms.v2.functional.normalize).
 *
 * @throws TypeError when the image is not floating point
 * @throws ValueError when a standard deviation is 0
 */
export function normalize(
  image: Tensor,
  mean: readonly number[],
  std: readonly number[],
  options: NormalizeOptions = {},
): Tensor {
  requireNames(normalize, options, { inplace: true });
  if (!image.dtype.isFloatingPoint) {
    throw new TypeError(
      `Input tensor should be a float tensor. Got torch.${image.dtype.name}. Use toDtype(image, torch.float32) first.`,
    );
  }
  imageSize(image);
  if (std.includes(0)) throw new ValueError('std evaluated to zero, leading to division by zero.');
  return scope(() => {
    const shift = perChannel(mean, image);
    const centered = options.inplace ? image.sub_(shift) : image.sub(shift);
    return centered.div_(perChannel(std, image));
  });
}

function perChannel(values: readonly number[], image: Tensor): Tensor {
  return tensor([...values], { dtype: image.dtype, device: image.device }).view([-1, 1, 1]);
}
