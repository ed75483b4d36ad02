import { type DType, float32, float64, int8, int16, int32, int64, uint8, uint16 } from '../dtype.js';
import { TorchError } from '../errors.js';
import { scope } from '../memory.js';
import type { Tensor } from '../tensor.js';

// The largest value, and the bits without the sign (torchvision's `_max_value` and `_num_value_bits`).
const INTEGERS = new Map<DType, { max: number; bits: number }>([
  [uint8, { max: 255, bits: 8 }],
  [int8, { max: 127, bits: 7 }],
  [int16, { max: 32767, bits: 15 }],
  [uint16, { max: 65535, bits: 16 }],
  [int32, { max: 2147483647, bits: 31 }],
  [int64, { max: Number(1n << 63n), bits: 63 }],
]);

// Makes 1.0 the only value that becomes `max`, and every other integer equally wide.
const EPSILON = 1e-3;

/**
 * Converts an image to another dtype. With `scale` the range of values follows: 0 to 1 in floating point, 0 to the
 * largest value in integer dtypes (torchvision.transforms.v2.functional.to_dtype).
 *
 * @throws TorchError when float32 is scaled to int32 or int64, or float64 to int64, which cannot be done safely
 */
export function toDtype(image: Tensor, dtype: DType, { scale = false } = {}): Tensor {
  if (image.dtype === dtype) return image;
  if (!scale) return image.to(dtype);
  return scope(() => {
    if (image.dtype.isFloatingPoint) return dtype.isFloatingPoint ? image.to(dtype) : toInteger(image, dtype);
    return dtype.isFloatingPoint
      ? image.to(dtype).mul_(1 / (INTEGERS.get(image.dtype)?.max ?? 1))
      : shiftBits(image, dtype);
  });
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
  return image.mul((INTEGERS.get(dtype)?.max ?? 1) + 1 - EPSILON).to(dtype);
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

function valueBits(dtype: DType): number {
  const integer = INTEGERS.get(dtype);
  if (integer) return integer.bits;
  throw new TypeError(
    `Number of value bits is only defined for integer dtypes, but got torch.${dtype.name}.`,
  );
}
