import { uint8 } from '../../dtype.js';
import { scope } from '../../memory.js';
import { aten } from '../../operators/ops.js';
import type { Tensor } from '../../tensor.js';
import { maxValue, valueBits } from './value-range.js';

/** White becomes black, colours become their opposites (torchvision.transforms.v2.functional.invert). */
export function invert(image: Tensor): Tensor {
  if (image.dtype.isFloatingPoint) return aten.rsub(image, 1);
  if (image.dtype === uint8) return image.bitwiseNot();
  return image.bitwiseXor((1n << BigInt(valueBits(image.dtype))) - 1n);
}

/**
 * Inverts what is `threshold` or more (torchvision.transforms.v2.functional.solarize).
 *
 * @throws TypeError on a threshold above the dtype's largest value
 */
export function solarize(image: Tensor, threshold: number): Tensor {
  if (threshold > maxValue(image.dtype)) {
    throw new TypeError(
      `Threshold should be less or equal the maximum value of the dtype, but got ${threshold}`,
    );
  }
  return scope(() => aten.where(image.ge(threshold), invert(image), image));
}

/**
 * Keeps the upper `bits` bits of every value; a floating point image has 2 ** bits levels
 * (torchvision.transforms.v2.functional.posterize).
 *
 * @throws TypeError unless `bits` is an integer from 0 to 8
 */
export function posterize(image: Tensor, bits: number): Tensor {
  if (!Number.isInteger(bits) || bits < 0 || bits > 8) {
    throw new TypeError(`bits must be a positive integer in the range [0, 8], got ${bits} instead.`);
  }
  if (image.dtype.isFloatingPoint) {
    const levels = 1 << bits;
    return scope(() =>
      image
        .mul(levels)
        .floor_()
        .clamp_(0, levels - 1)
        .mul_(1 / levels),
    );
  }
  const all = valueBits(image.dtype);
  if (bits >= all) return image;
  return image.bitwiseAnd(((1n << BigInt(bits)) - 1n) << BigInt(all - bits));
}
