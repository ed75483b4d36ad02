import { slice } from '../../indexing.js';
import { aten } from '../../operators/ops.js';
import type { Tensor } from '../../tensor.js';
import type { BoundingBoxes } from '../tv-tensors/bounding-boxes.js';
import { clamped } from './clamp.js';
import { convertFormat } from './convert-format.js';

const [X, Y, OTHER_X, OTHER_Y] = [0, 1, 2, 3];

/** The four corners of each box, [4 N, 2], of `XYXY` boxes [N, 4]. */
export function cornersOf(boxes: Tensor): Tensor {
  return boxes
    .index(slice(null), [
      [X, Y],
      [OTHER_X, Y],
      [OTHER_X, OTHER_Y],
      [X, OTHER_Y],
    ])
    .reshape([-1, 2]);
}

/** The boxes [N, 4] in `XYXY` around moved corners [4 N, 2]. */
export function aroundCorners(corners: Tensor): Tensor {
  const [least, most] = aten.aminmax(corners.reshape([-1, 4, 2]), { dim: 1 });
  return aten.cat([least, most], 1);
}

/** Boxes around moved corners, cut at the canvas, in the format and dtype of those they were. */
export function fromCorners(
  boxes: BoundingBoxes,
  xyxy: Tensor,
  canvasSize = boxes.canvasSize,
): BoundingBoxes {
  const { format, clampingMode, dtype } = boxes;
  const cut = clamped(xyxy, { format: 'XYXY', canvasSize, clampingMode });
  return boxes.like(convertFormat(cut, 'XYXY', format).to(dtype), { canvasSize });
}
