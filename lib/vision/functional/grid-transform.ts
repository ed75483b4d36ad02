import { tensor } from '../../creation.js';
import { type DType, float32 } from '../../dtype.js';
import { ValueError } from '../../errors.js';
import { aten } from '../../operators/ops.js';
import type { Names } from '../../options.js';
import type { Tensor } from '../../tensor.js';
import { imageSize } from './image-size.js';
import type { Fill } from './pad.js';

/** How a pixel between pixels is found. */
export type GridInterpolation = 'nearest' | 'bilinear';

export interface GridOptions {
  interpolation?: GridInterpolation;
  /** For what lies outside of the image: one number, or one per channel. Default null: 0. */
  fill?: Fill;
}

export const gridNames: Names<GridOptions> = { interpolation: true, fill: true };

// torch.nn.functional.grid_sample's numbers.
const MODES: Record<GridInterpolation, number> = { bilinear: 0, nearest: 1 };
const ZEROS = 0;

/** The dtype that positions are computed in. */
export function gridDtype(image: Tensor): DType {
  return image.dtype.isFloatingPoint ? image.dtype : float32;
}

/** @throws ValueError on an interpolation or a fill that the image cannot have */
export function checkGridOptions(image: Tensor, interpolation: GridInterpolation, fill: Fill): void {
  const [channels] = imageSize(image);
  if (fill !== null && typeof fill !== 'number' && fill.length > 1 && fill.length !== channels) {
    throw new ValueError(
      "The number of elements in 'fill' cannot broadcast to match the number of channels of the image " +
        `(${fill.length} != ${channels})`,
    );
  }
  if (!(interpolation in MODES)) {
    throw new ValueError(
      `Interpolation mode '${interpolation}' is unsupported with Tensor input: use 'nearest' or 'bilinear'`,
    );
  }
}

/**
 * Takes each pixel of the result from the place that `grid` [1, H, W, 2] names, in -1 to 1; integers go through the
 * grid's dtype and round half to even (torchvision's `_apply_grid_transform`).
 */
export function applyGrid(image: Tensor, grid: Tensor, mode: GridInterpolation, fill: Fill): Tensor {
  const [channels, height, width] = imageSize(image);
  const shape = [...image.shape.slice(0, -3), channels, grid.size(1), grid.size(2)];
  if (image.numel() === 0) return image.reshape(shape);
  const batch = image.reshape([-1, channels, height, width]);
  const isFloat = batch.dtype === grid.dtype;
  const count = batch.size(0);
  const places = count > 1 ? grid.expand([count, -1, -1, -1]) : grid;
  const pixels = isFloat ? batch : batch.to(grid.dtype);
  const sampled = fill === null ? sample(pixels, places, mode) : sampleAndFill(pixels, places, mode, fill);
  return (isFloat ? sampled : sampled.round_().to(batch.dtype)).reshape(shape);
}

function sample(pixels: Tensor, grid: Tensor, mode: GridInterpolation): Tensor {
  return aten.gridSampler(pixels, grid, MODES[mode], ZEROS, false);
}

// A channel of ones comes along: what is left of it tells how much of a pixel lies inside of the image.
function sampleAndFill(
  pixels: Tensor,
  grid: Tensor,
  mode: GridInterpolation,
  fill: number | readonly number[],
): Tensor {
  const { dtype, device } = pixels;
  const [count, , height, width] = pixels.shape as [number, number, number, number];
  const ones = aten.ones([count, 1, height, width], { dtype, device });
  const both = sample(aten.cat([pixels, ones], 1), grid, mode);
  const [sampled, inside] = both.tensorSplit([-1], -3) as [Tensor, Tensor];
  const mask = inside.expandAs(sampled);
  const values = tensor(typeof fill === 'number' ? [fill] : fill, { dtype, device }).view([1, -1, 1, 1]);
  return mode === 'nearest'
    ? aten.where(mask.lt(0.5), values.expandAs(sampled), sampled)
    : sampled.sub_(values).mul_(mask).add_(values);
}
