import { tensor } from '../../creation.js';
import { int64 } from '../../dtype.js';
import { ValueError } from '../../errors.js';
import { slice } from '../../indexing.js';
import { scope } from '../../memory.js';
import type { Tensor } from '../../tensor.js';
import { imageSize } from './image-size.js';

/**
 * The channels of an image [..., C, H, W] in another order (torchvision.transforms.v2.functional.permute_channels).
 *
 * @throws ValueError unless there is one number per channel
 */
export function permuteChannels(image: Tensor, permutation: readonly number[]): Tensor {
  const [channels, height, width] = imageSize(image);
  if (permutation.length !== channels) {
    throw new ValueError(
      `Length of permutation does not match number of channels: ${permutation.length} != ${channels}`,
    );
  }
  if (image.numel() === 0) return image;
  return scope(() => {
    const batch = image.reshape([-1, channels, height, width]);
    const order = tensor(permutation, { dtype: int64, device: image.device });
    return batch.index(slice(null), order).reshape(image.shape);
  });
}
