import { int32, int64, uint8 } from '../../dtype.js';
import { ellipsis, slice } from '../../indexing.js';
import { scope } from '../../memory.js';
import { aten } from '../../operators/ops.js';
import type { Tensor } from '../../tensor.js';
import { toDtype } from './to-dtype.js';

/**
 * Spreads the values of every channel [..., H, W] so that each range of values has as many pixels, as Pillow does it;
 * computed in uint8 (torchvision.transforms.v2.functional.equalize).
 */
export function equalize(image: Tensor): Tensor {
  if (image.numel() === 0) return image;
  return scope(() =>
    toDtype(equalizeBytes(toDtype(image, uint8, { scale: true })), image.dtype, { scale: true }),
  );
}

function equalizeBytes(image: Tensor): Tensor {
  const leading = image.shape.slice(0, -2);
  const pixels = image.flatten(-2).to(int64);
  const counts = pixels.newZeros([...leading, 256], { dtype: int32 });
  counts.scatterAdd_(-1, pixels, counts.newOnes([1]).expandAs(pixels));
  const sums = counts.cumsum(-1);
  const brightest = sums.argmax(-1).unsqueeze_(-1);
  // Pillow leaves the brightest value's pixels out of the step.
  const others = aten.rsub(counts.gather(-1, brightest), pixels.size(-1));
  const step = others.div_(255, { roundingMode: 'floor' });
  const isPossible = step.ne(0).unsqueeze_(-1);
  const half = step.div(2, { roundingMode: 'floor' });
  const table = sums
    .index(ellipsis, slice(null, -1))
    .add_(half)
    .div_(step.clamp(1), { roundingMode: 'floor' })
    .clamp_(0, 255)
    .to(uint8);
  const whole = aten.cat([table.newZeros([1]).expand([...leading, 1]), table], -1);
  return aten.where(isPossible, whole.gather(-1, pixels).viewAs(image), image);
}
