import { tensor } from '../../creation.js';
import { float32 } from '../../dtype.js';
import { TorchError } from '../../errors.js';
import { aten } from '../../operators/ops.js';
import { valueText } from '../../python-text.js';
import type { BoundingBoxes } from '../tv-tensors/bounding-boxes.js';
import { convertFormat } from './convert-format.js';
import { aroundCorners, cornersOf, fromCorners } from './corners.js';

/**
 * Boxes around what becomes of the boxes of an image in perspective.
 *
 * @throws TorchError when the coefficients, which lead back from the result, have no inverse
 */
export function perspectiveBoxes(boxes: BoundingBoxes, coefficients: readonly number[]): BoundingBoxes {
  if (boxes.numel() === 0) return boxes;
  const [numerators, denominators] = inverse(coefficients);
  const points = cornersOf(convertFormat(boxes, boxes.format, 'XYXY'));
  const { device } = boxes;
  const dtype = boxes.dtype.isFloatingPoint ? boxes.dtype : float32;
  const homogeneous = aten.cat([points, aten.ones([points.size(0), 1], { device })], -1);
  const times = (rows: number[][]) => aten.matmul(homogeneous, tensor(rows, { dtype, device }).T);
  return fromCorners(boxes, aroundCorners(times(numerators).div_(times(denominators))));
}

function inverse(coefficients: readonly number[]): [number[][], number[][]] {
  const [a, b, c, d, e, f, g, h] = coefficients as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const determinant = a * e - b * d;
  if (determinant === 0) {
    throw new TorchError(
      `Provided perspective_coeffs ${valueText(coefficients)} can not be inverted to transform bounding boxes. ` +
        'Denominator is zero, denom=0.0',
    );
  }
  const over = (value: number) => value / determinant;
  const last = [over(-e * g + d * h), over(-a * h + b * g), 1];
  return [
    [
      [over(e - f * h), over(-b + c * h), over(b * f - c * e)],
      [over(-d + f * g), over(a - c * g), over(-a * f + c * d)],
    ],
    [last, last],
  ];
}
