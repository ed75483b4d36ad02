import { tensor } from '../../creation.js';
import { float32 } from '../../dtype.js';
import { ValueError } from '../../errors.js';
import { ellipsis, slice } from '../../indexing.js';
import { scope } from '../../memory.js';
import { aten } from '../../operators/ops.js';
import type { Tensor } from '../../tensor.js';
import { imageSize } from './image-size.js';
import { maxValue } from './value-range.js';

/**
 * Blends an image [..., 1 or 3, H, W] with a smoothed version of it: 0 is smooth, 1 changes nothing, 2 is sharper; the
 * outermost pixels stay (torchvision.transforms.v2.functional.adjust_sharpness).
 *
 * @throws TypeError on another number of channels
 * @throws ValueError on a negative factor
 */
export function adjustSharpness(image: Tensor, sharpnessFactor: number): Tensor {
  const [channels, height, width] = imageSize(image);
  if (channels !== 1 && channels !== 3) {
    throw new TypeError(`Input image tensor can have 1 or 3 channels, but found ${channels}`);
  }
  if (!(sharpnessFactor >= 0)) {
    throw new ValueError(`sharpness_factor (${sharpnessFactor}) is not non-negative.`);
  }
  if (image.numel() === 0 || height <= 2 || width <= 2) return image;
  return scope(() => {
    const batch = image.dim() > 4 ? image.reshape([-1, channels, height, width]) : image;
    const sharpened = sharpen(batch, channels, sharpnessFactor);
    return image.dim() > 4 ? sharpened.reshape(image.shape) : sharpened;
  });
}

function sharpen(image: Tensor, channels: number, factor: number): Tensor {
  const isFloat = image.dtype.isFloatingPoint;
  const dtype = isFloat ? image.dtype : float32;
  const output = image.to(dtype, { copy: true });
  const smooth = aten.conv2d(output, smoothing(dtype, image, channels), { groups: channels });
  if (!isFloat) smooth.round_();
  const inner = output.index(ellipsis, slice(1, -1), slice(1, -1));
  inner.add_(smooth.sub_(inner), { alpha: 1 - factor });
  output.clamp_(0, maxValue(image.dtype));
  return isFloat ? output : output.to(image.dtype);
}

function smoothing(dtype: Tensor['dtype'], { device }: Tensor, channels: number): Tensor {
  const [edge, middle] = [1 / 13, 5 / 13];
  const kernel = [
    [edge, edge, edge],
    [edge, middle, edge],
    [edge, edge, edge],
  ];
  return tensor(kernel, { dtype, device }).expand([channels, 1, 3, 3]);
}
