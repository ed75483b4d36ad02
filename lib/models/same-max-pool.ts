import { scope } from '../memory.js';
import { Module } from '../nn/module.js';
import { aten } from '../operators/ops.js';
import type { Tensor } from '../tensor.js';

/**
 * Max pooling 3×3/2 with TensorFlow's 'same' padding: an even side gets its one row or column of padding at the end
 * only, where PyTorch's `padding: 1` puts one at each end. The sizes are the same, the windows are not.
 */
export class SameMaxPool2d extends Module {
  override forward(x: Tensor): Tensor {
    return scope(() => {
      const [height, width] = [x.size(-2), x.size(-1)];
      const [top, left] = [height % 2, width % 2];
      const padded = aten.constantPadNd(x, [left, 1, top, 1], -Infinity);
      return aten.maxPool2d(padded, 3, 2);
    });
  }

  override extraRepr(): string {
    return "kernel_size=3, stride=2, padding='same'";
  }
}
