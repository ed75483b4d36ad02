import { tensor } from '../../creation.js';
import { float32, float64 } from '../../dtype.js';
import { ValueError } from '../../errors.js';
import { scope } from '../../memory.js';
import { aten } from '../../operators/ops.js';
import { requireNames } from '../../options.js';
import type { Tensor } from '../../tensor.js';
import { perspectiveBoxes } from '../boxes/perspective.js';
import { applyGrid, checkGridOptions, type GridOptions, gridDtype, gridNames } from './grid-transform.js';
import { imageSize } from './image-size.js';
import { onKind } from './on-kind.js';

/** Top left, top right, bottom right, bottom left, each `[x, y]` in pixels. */
export type Corners = readonly (readonly [number, number])[];

/**
 * Moves four points of an image [..., C, H, W] to four others, straight lines stay straight
 * (torchvision.transforms.v2.functional.perspective). Interpolation by default 'bilinear'.
 *
 * @throws ValueError unless there are four points on both sides
 */
export function perspective<T extends Tensor>(
  image: T,
  startpoints: Corners,
  endpoints: Corners,
  options: GridOptions = {},
): T {
  requireNames(perspective, options, gridNames);
  return perspectiveBy(image, perspectiveCoefficients(startpoints, endpoints), options);
}

/** {@link perspective} by its eight coefficients. */
export function perspectiveBy<T extends Tensor>(
  image: T,
  coefficients: readonly number[],
  options: GridOptions = {},
): T {
  requireNames(perspectiveBy, options, gridNames);
  const { interpolation = 'bilinear', fill = null } = options;
  if (coefficients.length !== 8) throw new ValueError('Argument coefficients should have 8 float values');
  return scope(() =>
    onKind(image, {
      image: (pixels) => inPerspective(pixels, coefficients, { interpolation, fill }),
      mask: (mask) => inPerspective(mask, coefficients, { interpolation: 'nearest', fill }),
      boxes: (boxes) => perspectiveBoxes(boxes, coefficients),
    }),
  );
}

function inPerspective(
  image: Tensor,
  coefficients: readonly number[],
  { interpolation, fill }: Required<GridOptions>,
): Tensor {
  checkGridOptions(image, interpolation, fill);
  return applyGrid(image, perspectiveGrid(image, coefficients), interpolation, fill);
}

/**
 * The numbers a to h for which (ax + by + c) / (gx + hy + 1), (dx + ey + f) / (gx + hy + 1) leads from each end point
 * to its start point, rounded to float32 (torchvision's `_get_perspective_coeffs`).
 */
export function perspectiveCoefficients(startpoints: Corners, endpoints: Corners): number[] {
  if (startpoints.length !== 4 || endpoints.length !== 4) {
    throw new ValueError(
      `Please provide exactly four corners, got ${startpoints.length} startpoints and ${endpoints.length} endpoints.`,
    );
  }
  const rows = endpoints.flatMap(([x, y], i) => {
    const [startX, startY] = startpoints[i] as [number, number];
    return [
      [x, y, 1, 0, 0, 0, -startX * x, -startX * y],
      [0, 0, 0, x, y, 1, -startY * x, -startY * y],
    ];
  });
  return scope(() => {
    const wanted = tensor(startpoints.flat(), { dtype: float64 });
    const [solution] = aten.linalgLstsq(tensor(rows, { dtype: float64 }), wanted, { driver: 'gels' });
    return solution.to(float32).tolist() as number[];
  });
}

function perspectiveGrid(image: Tensor, [a, b, c, d, e, f, g, h]: readonly number[]): Tensor {
  const [, height, width] = imageSize(image);
  const options = { dtype: gridDtype(image), device: image.device };
  const row = (...numbers: (number | undefined)[]) => numbers as number[];
  const numerators = tensor([[row(a, b, c), row(d, e, f)]], options);
  const denominator = tensor([[row(g, h, 1), row(g, h, 1)]], options);
  const base = aten.empty([1, height, width, 3], options);
  const line = (length: number) => aten.linspace(0.5, length + 0.5 - 1, length, options);
  base.select(-1, 0).copy_(line(width));
  base.select(-1, 1).copy_(line(height).unsqueeze_(-1));
  base.select(-1, 2).fill_(1);
  const points = base.view([1, height * width, 3]);
  const scaled = numerators.transpose(1, 2).div_(tensor([0.5 * width, 0.5 * height], options));
  const grid = points
    .bmm(scaled)
    .div_(points.bmm(denominator.transpose(1, 2)))
    .sub_(1);
  return grid.view([1, height, width, 2]);
}
