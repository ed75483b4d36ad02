import { tensor } from '../../creation.js';
import { float32 } from '../../dtype.js';
import { aten } from '../../operators/ops.js';
import { cos, sin, tan } from '../../python-number.js';
import type { Tensor } from '../../tensor.js';

/** Python's math.radians. */
const radians = (degrees: number): number => degrees * (Math.PI / 180);

export interface AffineMap {
  /** From the image's middle, in pixels, `[x, y]`. */
  center: readonly [number, number];
  /** Clockwise, in degrees. */
  angle: number;
  /** In pixels, `[x, y]`. */
  translate: readonly [number, number];
  scale: number;
  /** In degrees, `[x, y]`. */
  shear: readonly [number, number];
}

/** The four numbers that shear, turn and do not scale. */
function turned({ angle, shear }: AffineMap): [number, number, number, number] {
  const turn = radians(angle);
  const [shearX, shearY] = [radians(shear[0]), radians(shear[1])];
  const cosY = cos(shearY);
  const tanX = tan(shearX);
  const a = cos(turn - shearY) / cosY;
  const c = sin(turn - shearY) / cosY;
  return [a, -(a * tanX + sin(turn)), c, cos(turn) - c * tanX];
}

/** The six numbers of the matrix that leads from a pixel of the image to where it goes. */
export function affineMatrix(map: AffineMap): number[] {
  const [centerX, centerY] = map.center;
  const [movedX, movedY] = [centerX + map.translate[0], centerY + map.translate[1]];
  const [xx, xy, yx, yy] = turned(map).map((value) => value * map.scale) as [number, number, number, number];
  return [xx, xy, movedX - xx * centerX - xy * centerY, yx, yy, movedY - yx * centerX - yy * centerY];
}

/**
 * The six numbers of the matrix that leads from a pixel of the result to the pixel of the image it comes from: the
 * inverse of move to the centre, shear, scale, turn, move back (torchvision's `_get_inverse_affine_matrix`).
 */
export function inverseAffineMatrix(map: AffineMap): number[] {
  const { center, translate, scale } = map;
  const [centerX, centerY] = center;
  const [movedX, movedY] = [centerX + translate[0], centerY + translate[1]];
  const [a, b, c, d] = turned(map);
  const [xx, xy, yx, yy] = [d / scale, -b / scale, -c / scale, a / scale];
  return [xx, xy, centerX - xx * movedX - xy * movedY, yx, yy, centerY - yx * movedX - yy * movedY];
}

/** `[width, height]` of what holds a whole turned image, cut to 1e-4 pixels before it is rounded up. */
export function expandedSize(matrix: readonly number[], width: number, height: number): [number, number] {
  const [halfWidth, halfHeight] = [0.5 * width, 0.5 * height];
  const corners = tensor([
    [-halfWidth, -halfHeight, 1],
    [-halfWidth, halfHeight, 1],
    [halfWidth, halfHeight, 1],
    [halfWidth, -halfHeight, 1],
  ]);
  const theta = tensor(matrix, { dtype: float32 }).view([2, 3]);
  const [least, most] = aten.aminmax(aten.matmul(corners, theta.T), { dim: 0 });
  const half = tensor([halfWidth, halfHeight]);
  const tolerance = 1e-4;
  const cut = (corner: Tensor) =>
    corner
      .add_(half)
      .mul_(1 / tolerance)
      .trunc_()
      .mul_(tolerance);
  return cut(most).ceil_().sub_(cut(least).floor_()).tolist() as [number, number];
}
