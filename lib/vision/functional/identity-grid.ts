import type { Device } from '../../device.js';
import type { DType } from '../../dtype.js';
import { aten } from '../../operators/ops.js';
import type { Tensor } from '../../tensor.js';

/** Where each pixel is, [1, H, W, 2], from -1 to 1 in x and y. */
export function identityGrid(
  height: number,
  width: number,
  options: { dtype: DType; device: Device },
): Tensor {
  const grid = aten.empty([1, height, width, 2], options);
  const line = (length: number) =>
    aten.linspace((-length + 1) / length, (length - 1) / length, length, options);
  grid.select(-1, 0).copy_(line(width));
  grid.select(-1, 1).copy_(line(height).unsqueeze_(-1));
  return grid;
}
