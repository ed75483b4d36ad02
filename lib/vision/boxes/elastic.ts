import { tensor } from '../../creation.js';
import { float32, int64 } from '../../dtype.js';
import type { Tensor } from '../../tensor.js';
import { identityGrid } from '../functional/identity-grid.js';
import type { BoundingBoxes } from '../tv-tensors/bounding-boxes.js';
import { convertFormat } from './convert-format.js';
import { aroundCorners, cornersOf, fromCorners } from './corners.js';

/** Boxes around where the displacement of an image takes their corners, nearly: it is subtracted, not inverted. */
export function elasticBoxes(boxes: BoundingBoxes, displacement: Tensor): BoundingBoxes {
  if (boxes.numel() === 0) return boxes;
  const [height, width] = boxes.canvasSize;
  const options = { dtype: boxes.dtype.isFloatingPoint ? boxes.dtype : float32, device: boxes.device };
  const corners = cornersOf(convertFormat(boxes, boxes.format, 'XYXY'));
  const places = (corners.dtype.isFloatingPoint ? corners.ceil() : corners).to(int64);
  const [x, y] = places.unbind(1) as [Tensor, Tensor];
  const back = identityGrid(height, width, options).sub_(displacement.to(options.dtype).to(boxes.device));
  const taken = back.index(0, y.clamp(0, height - 1), x.clamp(0, width - 1));
  const size = tensor([width, height], options);
  const moved = taken.add_(1).mul_(size.mul(0.5)).sub_(0.5);
  return fromCorners(boxes, aroundCorners(moved).to(boxes.dtype));
}
