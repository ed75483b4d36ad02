import { tensor } from '../../creation.js';
import { aten } from '../../operators/ops.js';
import type { Tensor } from '../../tensor.js';
import {
  type AffineMap,
  affineMatrix,
  expandedSize,
  inverseAffineMatrix,
} from '../functional/affine-matrix.js';
import type { BoundingBoxes } from '../tv-tensors/bounding-boxes.js';
import { convertFormat } from './convert-format.js';
import { aroundCorners, cornersOf, fromCorners } from './corners.js';

/** Of a turn: `[x, y]` in pixels from the upper left corner; null is the image's middle. */
export type Center = readonly [number, number] | null;

export interface BoxesMove extends Omit<AffineMap, 'center'> {
  center: Center;
}

/** Boxes around what becomes of the boxes of an affine image. */
export function affineBoxes(boxes: BoundingBoxes, move: BoxesMove): BoundingBoxes {
  if (boxes.numel() === 0) return boxes;
  return fromCorners(boxes, aroundCorners(mapped(cornersOf(inFloat(boxes)), matrixOf(boxes, move))));
}

/** {@link affineBoxes} on a canvas that has room for the whole turned image. */
export function expandedAffineBoxes(boxes: BoundingBoxes, move: BoxesMove): BoundingBoxes {
  if (boxes.numel() === 0) return boxes;
  const [height, width] = boxes.canvasSize;
  const matrix = matrixOf(boxes, move);
  const { dtype, device } = matrix;
  const canvas = tensor(
    [
      [0, 0],
      [0, height],
      [width, height],
      [width, 0],
    ],
    { dtype, device },
  );
  const origin = mapped(canvas, matrix).amin(0, true);
  const around = aroundCorners(mapped(cornersOf(inFloat(boxes)), matrix)).sub_(origin.repeat([1, 2]));
  const [newWidth, newHeight] = expandedSize(inverseAffineMatrix(inPixels(boxes, move)), width, height);
  return fromCorners(boxes, around, [newHeight, newWidth]);
}

function inFloat(boxes: BoundingBoxes): Tensor {
  const real = boxes.dtype.isFloatingPoint ? boxes : boxes.float();
  return convertFormat(real, boxes.format, 'XYXY');
}

function inPixels({ canvasSize: [height, width] }: BoundingBoxes, move: BoxesMove): AffineMap {
  return { ...move, center: move.center ?? [width * 0.5, height * 0.5] };
}

function matrixOf(boxes: BoundingBoxes, move: BoxesMove): Tensor {
  const { dtype, device } = boxes;
  const numbers = affineMatrix(inPixels(boxes, move));
  return tensor(numbers, { device, ...(dtype.isFloatingPoint ? { dtype } : {}) }).reshape([2, 3]).T;
}

function mapped(points: Tensor, matrix: Tensor): Tensor {
  const ones = aten.ones([points.size(0), 1], { dtype: matrix.dtype, device: matrix.device });
  return aten.matmul(aten.cat([points, ones], -1), matrix);
}
