import { aten } from '../../operators/ops.js';
import type { Tensor } from '../../tensor.js';
import { divideRounded } from './jpeg-blocks.js';

// The weights of libjpeg in 16 bits, made from five digits of the standard's.
const weight = (value: number) => Math.trunc(value * 65536 + 0.5);

/** Brightness and the two colour differences of planes of red, green and blue. */
export function toYcc([red, green, blue]: readonly Tensor[]): Tensor[] {
  const sum = (r: number, g: number, b: number) =>
    (red as Tensor)
      .mul(r)
      .add((green as Tensor).mul(g))
      .add((blue as Tensor).mul(b));
  // Just below 128.5, so that the largest difference is 255.
  const middle = (128 << 16) - 1;
  const [half, cbRed, cbGreen, crGreen, crBlue] = [0.5, 0.16874, 0.33126, 0.41869, 0.08131].map(weight) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return [
    divideRounded(sum(weight(0.299), weight(0.587), weight(0.114)), 1 << 16),
    divideRounded(sum(-cbRed, -cbGreen, half).add(middle), 1 << 16),
    divideRounded(sum(half, -crGreen, -crBlue).add(middle), 1 << 16),
  ];
}

/** An image [H, W, 3] of brightness and the two colour differences, in 0 to 255. */
export function toRgb([luma, cb, cr]: readonly Tensor[]): Tensor {
  const [y, blueness, redness] = [luma as Tensor, (cb as Tensor).sub(128), (cr as Tensor).sub(128)];
  const green = blueness.mul(-weight(0.34414)).sub(redness.mul(weight(0.71414)));
  const planes = [
    y.add(divideRounded(redness.mul(weight(1.402)), 1 << 16)),
    y.add(divideRounded(green, 1 << 16)),
    y.add(divideRounded(blueness.mul(weight(1.772)), 1 << 16)),
  ];
  return aten.stack(planes, -1).clamp(0, 255);
}
