import type { Tensor } from '../tensor.js';

/**
 * A tensor in the shape that it should have: old files keep pointwise weights as [out, in] and depthwise ones as
 * [channels, height, width], and PyTorch 0.3 kept one number as one element. null where it does not fit.
 */
export function squared(tensor: Tensor, shape: readonly number[]): Tensor | null {
  const withoutOnes = (sizes: readonly number[]) => sizes.filter((size) => size !== 1).join();
  const fits =
    tensor.shape.length <= Math.max(shape.length, 1) && withoutOnes(tensor.shape) === withoutOnes(shape);
  if (tensor.shape.join() === shape.join()) return tensor;
  return fits ? tensor.reshape([...shape]) : null;
}
