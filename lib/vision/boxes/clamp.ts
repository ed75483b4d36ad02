import { ellipsis, slice } from '../../indexing.js';
import { scope } from '../../memory.js';
import { requireNames } from '../../options.js';
import type { Tensor } from '../../tensor.js';
import {
  type BoundingBoxes,
  type BoundingBoxesOptions,
  type ClampingMode,
  checkClampingMode,
} from '../tv-tensors/bounding-boxes.js';
import { convertFormat } from './convert-format.js';

/**
 * Boxes cut at the border of their canvas (torchvision.transforms.v2.functional.clamp_bounding_boxes).
 *
 * @param options.clampingMode default 'auto': that of the boxes
 * @throws ValueError on an unknown mode
 */
export function clampBoundingBoxes(
  boxes: BoundingBoxes,
  options: { clampingMode?: ClampingMode | 'auto' } = {},
): BoundingBoxes {
  requireNames(clampBoundingBoxes, options, { clampingMode: true });
  const { clampingMode = 'auto' } = options;
  const mode = clampingMode === 'auto' ? boxes.clampingMode : checkClampingMode(clampingMode);
  const { format, canvasSize } = boxes;
  return scope(() => boxes.like(clamped(boxes, { format, canvasSize, clampingMode: mode })));
}

/** The numbers [N, 4] alone. */
export function clamped(
  boxes: Tensor,
  { format, canvasSize, clampingMode }: Required<BoundingBoxesOptions>,
): Tensor {
  if (clampingMode === null) return boxes.clone();
  const [height, width] = canvasSize;
  const real = boxes.dtype.isFloatingPoint ? boxes : boxes.float();
  const corners = convertFormat(real, format, 'XYXY').clone();
  corners.index(ellipsis, slice(0, null, 2)).clamp_(0, width);
  corners.index(ellipsis, slice(1, null, 2)).clamp_(0, height);
  return convertFormat(corners, 'XYXY', format).to(boxes.dtype);
}
