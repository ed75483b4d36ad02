import { tensor } from '../../creation.js';
import { ValueError } from '../../errors.js';
import { scope } from '../../memory.js';
import { aten } from '../../operators/ops.js';
import { type Names, requireNames } from '../../options.js';
import { mod } from '../../python-number.js';
import { valueText } from '../../python-text.js';
import type { Tensor } from '../../tensor.js';
import { affineBoxes, type BoxesMove, type Center, expandedAffineBoxes } from '../boxes/affine.js';
import { expandedSize, inverseAffineMatrix } from './affine-matrix.js';
import { applyGrid, checkGridOptions, type GridOptions, gridDtype, gridNames } from './grid-transform.js';
import { imageSize } from './image-size.js';
import { onKind } from './on-kind.js';

export interface AffineOptions extends GridOptions {
  center?: Center;
}

const affineNames: Names<AffineOptions> = { ...gridNames, center: true };

export interface RotateOptions extends AffineOptions {
  /** Make the result as large as the whole turned image needs. Default false. */
  expand?: boolean;
}

const rotateNames: Names<RotateOptions> = { ...affineNames, expand: true };

/**
 * Turns (clockwise, in degrees), moves ([x, y] in pixels), scales and shears (degrees, along x or [x, y]) an image
 * [..., C, H, W] (torchvision.transforms.v2.functional.affine). Interpolation by default 'nearest'.
 *
 * @throws ValueError on a scale of 0 or less, and on translations and shears of another length
 */
export function affine<T extends Tensor>(
  image: T,
  angle: number,
  translate: readonly number[],
  scale: number,
  shear: number | readonly number[],
  options: AffineOptions = {},
): T {
  requireNames(affine, options, affineNames);
  const { interpolation = 'nearest', fill = null, center = null } = options;
  if (translate.length !== 2) throw new ValueError('Argument translate should be a sequence of length 2');
  if (scale <= 0) throw new ValueError('Argument scale should be positive');
  const shears = typeof shear === 'number' ? [shear, 0] : shear.length === 1 ? [shear[0], shear[0]] : shear;
  if (shears.length !== 2) {
    throw new ValueError(`Shear should be a sequence containing two values. Got ${valueText(shear)}`);
  }
  const move = { angle, translate: pair(translate), scale, shear: pair(shears), center };
  return scope(() =>
    onKind(image, {
      image: (pixels) => moved(pixels, move, { interpolation, fill }),
      mask: (mask) => moved(mask, move, { interpolation: 'nearest', fill }),
      boxes: (boxes) => affineBoxes(boxes, move),
    }),
  );
}

const pair = (values: readonly (number | undefined)[]) => values as readonly [number, number];

function moved(image: Tensor, move: BoxesMove, { interpolation, fill }: Required<GridOptions>): Tensor {
  checkGridOptions(image, interpolation, fill);
  const [, height, width] = imageSize(image);
  const matrix = inverseAffineMatrix({ ...move, center: fromMiddle(move.center, width, height) });
  return applyGrid(image, affineGrid(image, matrix, width, height), interpolation, fill);
}

/**
 * Turns an image [..., C, H, W] counterclockwise by degrees (torchvision.transforms.v2.functional.rotate): multiples
 * of 90 exactly where the result has room. Interpolation by default 'nearest'.
 */
export function rotate<T extends Tensor>(image: T, angle: number, options: RotateOptions = {}): T {
  requireNames(rotate, options, rotateNames);
  const { interpolation = 'nearest', fill = null, center = null, expand = false } = options;
  const move: BoxesMove = { angle: -angle, translate: [0, 0], scale: 1, shear: [0, 0], center };
  return scope(() =>
    onKind(image, {
      image: (pixels) => turned(pixels, angle, { interpolation, fill, center, expand }),
      mask: (mask) => turned(mask, angle, { interpolation: 'nearest', fill, center, expand }),
      boxes: (boxes) => (expand ? expandedAffineBoxes(boxes, move) : affineBoxes(boxes, move)),
    }),
  );
}

function turned(
  image: Tensor,
  angle: number,
  { interpolation, fill, center, expand }: Required<RotateOptions>,
): Tensor {
  const [, height, width] = imageSize(image);
  const turn = mod(angle, 360);
  if (center === null) {
    if (turn === 0) return image.clone();
    const fits = turn === 180 || expand || height === width;
    if (turn % 90 === 0 && fits) return aten.rot90(image, turn / 90, [-2, -1]);
  }
  checkGridOptions(image, interpolation, fill);
  const matrix = inverseAffineMatrix({
    center: fromMiddle(center, width, height),
    angle: -turn,
    translate: [0, 0],
    scale: 1,
    shear: [0, 0],
  });
  const [newWidth, newHeight] = expand ? expandedSize(matrix, width, height) : [width, height];
  return applyGrid(image, affineGrid(image, matrix, newWidth, newHeight), interpolation, fill);
}

function fromMiddle(center: Center, width: number, height: number): [number, number] {
  return center === null ? [0, 0] : [center[0] - width * 0.5, center[1] - height * 0.5];
}

// Pixels are counted from the middle of the result, positions go from -1 to 1 over the image.
function affineGrid(image: Tensor, matrix: number[], newWidth: number, newHeight: number): Tensor {
  const [, height, width] = imageSize(image);
  const { device } = image;
  const dtype = gridDtype(image);
  const base = aten.empty([1, newHeight, newWidth, 3], { dtype, device });
  const line = (length: number) => aten.linspace((1 - length) * 0.5, (length - 1) * 0.5, length, { device });
  base.select(-1, 0).copy_(line(newWidth));
  base.select(-1, 1).copy_(line(newHeight).unsqueeze_(-1));
  base.select(-1, 2).fill_(1);
  const theta = tensor(matrix, { dtype, device }).reshape([1, 2, 3]);
  const scaled = theta.transpose(1, 2).div_(tensor([0.5 * width, 0.5 * height], { dtype, device }));
  const grid = base.view([1, newHeight * newWidth, 3]).bmm(scaled);
  return grid.view([1, newHeight, newWidth, 2]);
}
