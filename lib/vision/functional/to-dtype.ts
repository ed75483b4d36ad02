import { type DType, float32, float64, int32, int64, uint16 } from '../../dtype.js';
import { TorchError } from '../../errors.js';
import { scope } from '../../memory.js';
import { requireNames } from '../../options.js';
import type { Tensor } from '../../tensor.js';
import { maxValue, valueBits } from './value-range.js';

// Makes 1.0 the only value that becomes `max`, and every other integer equally wide.
const EPSILON = 1e-3;

/**
 * Converts an image to another dtype. With `scale` the range of values follows: 0 to 1 in floating point, 0 to the
 * largest value in integer dtypes (torchvision.transforms.v2.functional.to_dtype).
 *
 * @throws TorchError when float32 is scaled to int32 or int64, or float64 to int64, which cannot be done safely
 */
export function toDtype(image: Tensor, dtype: DType, options: { scale?: boolean } = {}): Tensor {
  requireNames(toDtype, options, { scale: true });
  const { scale = false } = options;
  if (image.dtype === dtype) return image;
  if (!scale) return image.to(dtype);
  return scope(() => {
    if (image.dtype.isFloatingPoint) return dtype.isFloatingPoint ? image.to(dtype) : toInteger(image, dtype);
    return dtype.isFloatingPoint
      ? image.to(dtype).mul_(1 / Number(maxValue(image.dtype)))
      : shiftBits(image, dtype);
  });
}

/** {@link toDtype} with `scale`, by default to float32 (torchvision.transforms.v2.functional.convert_image_dtype). */
export function convertImageDtype(image: Tensor, dtype: DType = float32): Tensor {
  return toDtype(image, dtype, { scale: true });
}

function toInteger(image: Tensor, dtype: DType): Tensor {
  const source = image.dtype;
  if (
    (source === float32 && (dtype === int32 || dtype === int64)) ||
    (source === float64 && dtype === int64)
  ) {
    throw new TorchError(
      `The conversion from torch.${source.name} to torch.${dtype.name} cannot be performed safely.`,
    );
  }
  return image.mul(Number(maxValue(dtype)) + 1 - EPSILON).to(dtype);
}

// uint16 has no shift operators.
function shiftBits(image: Tensor, dtype: DType): Tensor {
  const shift = valueBits(dtype) - valueBits(image.dtype);
  if (shift <= 0) {
    return image.dtype === uint16
      ? image.div(1 << -shift).to(dtype)
      : image.bitwiseRightShift(-shift).to(dtype);
  }
  return dtype === uint16 ? image.to(dtype).mul(1 << shift) : image.to(dtype).bitwiseLeftShift_(shift);
}
