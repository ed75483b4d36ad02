import { scope } from '../../memory.js';
import { aten } from '../../operators/ops.js';
import type { Tensor } from '../../tensor.js';
import { type BoundingBoxes, type BoundingBoxFormat, checkFormat } from '../tv-tensors/bounding-boxes.js';

/**
 * The same boxes in another format (torchvision.transforms.v2.functional.convert_bounding_box_format).
 *
 * @throws ValueError on an unknown format
 */
export function convertBoundingBoxFormat(boxes: BoundingBoxes, newFormat: BoundingBoxFormat): BoundingBoxes {
  checkFormat(newFormat);
  return scope(() => boxes.like(convertFormat(boxes, boxes.format, newFormat), { format: newFormat }));
}

/** The numbers [..., 4] alone; given back where there is nothing to do. */
export function convertFormat(boxes: Tensor, from: BoundingBoxFormat, to: BoundingBoxFormat): Tensor {
  if (from === to) return boxes;
  const convert = CONVERSIONS[`${from} ${to}`] as Conversion;
  return aten.cat(convert(boxes.narrow(-1, 0, 2), boxes.narrow(-1, 2, 2)), -1);
}

/** Takes and gives the place and what follows it, each `[x, y]`. */
type Conversion = (first: Tensor, second: Tensor) => [Tensor, Tensor];

const CONVERSIONS: Record<string, Conversion> = {
  'XYWH XYXY': (corner, size) => [corner, size.add(corner)],
  'XYXY XYWH': (corner, opposite) => [corner, opposite.sub(corner)],
  'XYXY CXCYWH': (corner, opposite) => {
    const size = opposite.sub(corner);
    return [half(corner.mul(2).add_(size)), size];
  },
  'XYWH CXCYWH': (corner, size) => [corner.add(half(size)), size],
  'CXCYWH XYXY': (middle, size) => {
    const corner = cornerOf(middle, size);
    return [corner.to(middle.dtype), size.add(corner).to(middle.dtype)];
  },
  'CXCYWH XYWH': (middle, size) => {
    if (middle.dtype.isFloatingPoint) return [cornerOf(middle, size), size];
    // The size is that of the two cut corners.
    const whole = cornerOf(middle, size);
    const corner = whole.to(middle.dtype);
    return [corner, whole.add(size).to(middle.dtype).sub(corner)];
  },
};

function half(values: Tensor): Tensor {
  return values.div(2, { roundingMode: values.dtype.isFloatingPoint ? null : 'floor' });
}

// In floating point for integers, too.
function cornerOf(middle: Tensor, size: Tensor): Tensor {
  const place = middle.dtype.isFloatingPoint ? middle : middle.float();
  return place.sub(size.to(place.dtype).div(2));
}
