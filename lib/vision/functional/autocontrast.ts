import { float32 } from '../../dtype.js';
import { scope } from '../../memory.js';
import type { Tensor } from '../../tensor.js';
import { greyOrRgb } from './grey-or-rgb.js';
import { maxValue } from './value-range.js';

/**
 * Stretches every channel of an image [..., 1 or 3, H, W] from black to white; a channel of one value stays
 * (torchvision.transforms.v2.functional.autocontrast).
 */
export function autocontrast(image: Tensor): Tensor {
  greyOrRgb(image);
  if (image.numel() === 0) return image;
  return scope(() => {
    const bound = maxValue(image.dtype);
    const values = image.dtype.isFloatingPoint ? image : image.to(float32);
    const least = values.amin([-2, -1], true);
    const most = values.amax([-2, -1], true);
    const isFlat = most.eq(least);
    const step = most.sub_(least).mul_(1 / Number(bound));
    least.maskedFill_(isFlat, 0);
    step.maskedFill_(isFlat, 1);
    return values.sub(least).div_(step).clamp_(0, bound).to(image.dtype);
  });
}
