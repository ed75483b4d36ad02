import { tensor } from '../../creation.js';
import { roundHalfEven } from '../../python-number.js';
import type { Sides } from '../functional/pad.js';
import type { ResizeSize } from '../functional/resized-size.js';
import { resizedSize } from '../functional/resized-size.js';
import type { BoundingBoxes } from '../tv-tensors/bounding-boxes.js';
import { clamped } from './clamp.js';

type Canvas = readonly [height: number, width: number];

/** Boxes on a crop of their image. */
export function cropBoxes(
  boxes: BoundingBoxes,
  top: number,
  left: number,
  canvasSize: Canvas,
): BoundingBoxes {
  return moved(boxes, -left, -top, canvasSize);
}

export function centerCropBoxes(boxes: BoundingBoxes, [cropHeight, cropWidth]: Canvas): BoundingBoxes {
  const [height, width] = boxes.canvasSize;
  const top = roundHalfEven((height - cropHeight) / 2);
  const left = roundHalfEven((width - cropWidth) / 2);
  return cropBoxes(boxes, top, left, [cropHeight, cropWidth]);
}

export function padBoxes(boxes: BoundingBoxes, [left, right, top, bottom]: Sides): BoundingBoxes {
  const [height, width] = boxes.canvasSize;
  return moved(boxes, left, top, [height + top + bottom, width + left + right]);
}

function moved(boxes: BoundingBoxes, right: number, down: number, canvasSize: Canvas): BoundingBoxes {
  const { format, clampingMode, dtype, device } = boxes;
  const move = format === 'XYXY' ? [right, down, right, down] : [right, down, 0, 0];
  const places = boxes.add(tensor(move, { dtype, device }));
  return boxes.like(clamped(places, { format, canvasSize, clampingMode }), { canvasSize });
}

export function resizeBoxes(boxes: BoundingBoxes, size: ResizeSize, maxSize: number | null): BoundingBoxes {
  const [height, width] = boxes.canvasSize;
  const canvasSize = resizedSize([height, width], size, maxSize);
  if (canvasSize[0] === height && canvasSize[1] === width) return boxes;
  const [x, y] = [canvasSize[1] / width, canvasSize[0] / height];
  const scaled = boxes.mul(tensor([x, y, x, y], { device: boxes.device })).to(boxes.dtype);
  return boxes.like(scaled, { canvasSize });
}
