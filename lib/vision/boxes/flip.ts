import { aten } from '../../operators/ops.js';
import type { Tensor } from '../../tensor.js';
import type { BoundingBoxes } from '../tv-tensors/bounding-boxes.js';

export const flipBoxesHorizontally = (boxes: BoundingBoxes) => flipped(boxes, 0, boxes.canvasSize[1]);
export const flipBoxesVertically = (boxes: BoundingBoxes) => flipped(boxes, 1, boxes.canvasSize[0]);

// x are the numbers 0 and 2 of a box, y are 1 and 3.
function flipped(boxes: BoundingBoxes, axis: 0 | 1, side: number): BoundingBoxes {
  const columns = boxes.unbind(-1) as Tensor[];
  const [first, second] = [columns[axis] as Tensor, columns[axis + 2] as Tensor];
  const mirrored = (column: Tensor) => column.sub(side).neg_();
  switch (boxes.format) {
    case 'XYXY':
      columns[axis] = mirrored(second);
      columns[axis + 2] = mirrored(first);
      break;
    case 'XYWH':
      columns[axis] = mirrored(first.add(second));
      break;
    case 'CXCYWH':
      columns[axis] = mirrored(first);
  }
  return boxes.like(aten.stack(columns, -1));
}
