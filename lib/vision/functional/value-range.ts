import { type DType, int8, int16, int32, int64, uint8, uint16 } from '../../dtype.js';

const INTEGERS = new Map<DType, { max: number | bigint; bits: number }>([
  [uint8, { max: 255, bits: 8 }],
  [int8, { max: 127, bits: 7 }],
  [int16, { max: 32767, bits: 15 }],
  [uint16, { max: 65535, bits: 16 }],
  [int32, { max: 2147483647, bits: 31 }],
  [int64, { max: (1n << 63n) - 1n, bits: 63 }],
]);

/** The largest value of an image: that of the integer dtype, 1 for every other (torchvision's `_max_value`). */
export function maxValue(dtype: DType): number | bigint {
  return INTEGERS.get(dtype)?.max ?? 1;
}

/**
 * The bits without the sign (torchvision's `_num_value_bits`).
 *
 * @throws TypeError for dtypes that are no integers
 */
export function valueBits(dtype: DType): number {
  const integer = INTEGERS.get(dtype);
  if (integer) return integer.bits;
  throw new TypeError(
    `Number of value bits is only defined for integer dtypes, but got torch.${dtype.name}.`,
  );
}
