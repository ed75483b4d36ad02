import { tensor } from '../../creation.js';
import { float64 } from '../../dtype.js';
import { aten } from '../../operators/ops.js';
import type { Tensor } from '../../tensor.js';

// Everything here is whole numbers in float64: sums and products stay exact, and BLAS multiplies them.

/** Divides by a power of two and rounds halves up. */
export function divideRounded(values: Tensor, divisor: number): Tensor {
  return values
    .mul(1 / divisor)
    .add_(0.5)
    .floor_();
}

// The cosines of libjpeg's accurate integer transform in 13 bits. Its butterflies round nothing on their way, so that
// they come to this product; where they add rounded constants, it is 1 beside the rounded cosine.
const [A, B, C] = [8192, 10703, 4433];
const BASIS = [
  [A, A, A, A, A, A, A, A],
  [11363, 9633, 6437, 2260, -2260, -6437, -9633, -11363],
  [B, C, -C, -B, -B, -C, C, B],
  [9633, -2259, -11362, -6436, 6436, 11362, 2259, -9633],
  [A, -A, -A, A, A, -A, -A, A],
  [6437, -11362, 2261, 9633, -9633, -2261, 11362, -6437],
  [C, -10704, 10704, -C, -C, 10704, -10704, C],
  [2260, -6436, 9633, -11363, 11363, -9633, 6436, -2260],
];

/** What a plane [H, W], multiples of 8, becomes when the cosine coefficients of its blocks are rounded to `steps`. */
export function quantizeBlocks(plane: Tensor, steps: Tensor): Tensor {
  const [height, width] = plane.shape as [number, number];
  const basis = tensor(BASIS, { dtype: float64 });
  const blocks = plane
    .sub(128)
    .view([height / 8, 8, width / 8, 8])
    .transpose(1, 2);
  const across = divideRounded(blocks.matmul(basis.T), 1 << 11).transpose(2, 3);
  // Turned, and 8 times as large.
  const coefficients = divideRounded(across.matmul(basis.T), 1 << 15);
  const turned = steps.T;
  const levels = coefficients
    .abs()
    .add_(turned.mul(4))
    .div_(turned.mul(8))
    .floor_()
    .mul_(coefficients.sign());
  const down = divideRounded(levels.mul_(turned).matmul(basis), 1 << 11).transpose(2, 3);
  const restored = divideRounded(down.matmul(basis), 1 << 18);
  return restored.add_(128).clamp_(0, 255).transpose(1, 2).reshape([height, width]);
}

/** Repeats the last row and column up to multiples of powers of two. */
export function padToMultiple(plane: Tensor, [high, wide]: readonly [number, number]): Tensor {
  const [height, width] = plane.shape as [number, number];
  const [bottom, right] = [-height & (high - 1), -width & (wide - 1)];
  if (bottom === 0 && right === 0) return plane;
  return aten.replicationPad2d(plane.unsqueeze(0), [0, right, 0, bottom]).squeeze(0);
}
