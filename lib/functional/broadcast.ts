// Shapes that meet (torch.broadcast_shapes, torch.broadcast_tensors).

import { TorchError, ValueError } from '../errors.js';
import { aten } from '../operators/ops.js';
import { tupleText, valueText } from '../python-text.js';
import type { Tensor } from '../tensor.js';

/** The shape that all of them expand to; a number is a shape of one dimension. */
export function broadcastShapes(...shapes: (number | readonly number[])[]): number[] {
  const lists = shapes.map((shape) => (typeof shape === 'number' ? [shape] : shape));
  const dims = Math.max(0, ...lists.map(({ length }) => length));
  const result = new Array<number>(dims).fill(1);
  lists.forEach((shape, which) => {
    shape.forEach((size, i) => {
      const at = dims - shape.length + i;
      const known = result[at] as number;
      if (known === size) return;
      if (known === 1) {
        if (size < 0) throw new ValueError('Attempting to broadcast a dimension with negative length!');
        result[at] = size;
      } else if (size !== 1) {
        throw new TorchError(
          `Attempting to broadcast a dimension of length ${size} at ${i - shape.length}! Mismatching argument at ` +
            `index ${which} had ${tupleText(shape)}; but expected shape should be broadcastable to ${valueText(result)}`,
        );
      }
    });
  });
  return result;
}

/** All tensors expanded to their common shape. */
export function broadcastTensors(...tensors: Tensor[]): Tensor[] {
  return aten.broadcastTensors(tensors);
}
