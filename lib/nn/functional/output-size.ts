import { ValueError } from '../../errors.js';

/** The size of the output in each spatial dimension; null keeps the input's, one number says all. */
export type OutputSize = number | readonly (number | null)[];

/** PyTorch's `_list_with_default`. */
export function outputSizes(outputSize: OutputSize, shape: readonly number[]): number | number[] {
  if (!Array.isArray(outputSize)) return outputSize as number;
  if (shape.length <= outputSize.length) {
    throw new ValueError(`Input dimension should be at least ${outputSize.length + 1}`);
  }
  const kept = shape.slice(-outputSize.length);
  return outputSize.map((size, i) => size ?? (kept[i] as number));
}
