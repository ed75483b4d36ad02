import { NotImplementedError, ValueError } from '../../errors.js';
import { aten } from '../../operators/ops.js';
import { type Names, requireNames } from '../../options.js';
import { sizeText, valueText } from '../../python-text.js';
import type { Tensor } from '../../tensor.js';
import { warn } from '../../warn.js';

const sampleModes = ['bilinear', 'nearest', 'bicubic'] as const;
const paddingModes = ['zeros', 'border', 'reflection'] as const;

export interface GridSampleOptions {
  mode?: (typeof sampleModes)[number];
  /** What lies outside of the input. */
  paddingMode?: (typeof paddingModes)[number];
  alignCorners?: boolean | null;
}

const gridSampleNames: Names<GridSampleOptions> = { mode: true, paddingMode: true, alignCorners: true };

function withDefault(alignCorners: boolean | null | undefined): boolean {
  if (alignCorners == null) {
    warn(
      'Default grid_sample and affine_grid behavior has changed to align_corners=False since 1.3.0. Please specify ' +
        'align_corners=True if the old behavior is desired. See the documentation of grid_sample for details.',
    );
  }
  return alignCorners ?? false;
}

/** input [N, C, H, W], grid [N, H', W', 2] of places in [−1, 1]; three spatial dimensions likewise. */
export function gridSample(input: Tensor, grid: Tensor, options: GridSampleOptions = {}): Tensor {
  requireNames(gridSample, options, gridSampleNames);
  const { mode = 'bilinear', paddingMode = 'zeros', alignCorners } = options;
  if (!sampleModes.includes(mode)) {
    throw new ValueError(
      `nn.functional.grid_sample(): expected mode to be 'bilinear', 'nearest' or 'bicubic', but got: '${mode}'`,
    );
  }
  if (!paddingModes.includes(paddingMode)) {
    throw new ValueError(
      `nn.functional.grid_sample(): expected padding_mode to be 'zeros', 'border', or 'reflection', but got: '${paddingMode}'`,
    );
  }
  const [m, p] = [sampleModes.indexOf(mode), paddingModes.indexOf(paddingMode)];
  return aten.gridSampler(input, grid, m, p, withDefault(alignCorners));
}

export interface AffineGridOptions {
  alignCorners?: boolean | null;
}

const affineGridNames: Names<AffineGridOptions> = { alignCorners: true };

/** A sampling grid from affine matrices: theta [N, 2, 3] and size [N, C, H, W], or [N, 3, 4] and five sizes. */
export function affineGrid(theta: Tensor, size: readonly number[], options: AffineGridOptions = {}): Tensor {
  requireNames(affineGrid, options, affineGridNames);
  const { alignCorners } = options;
  const aligned = withDefault(alignCorners);
  if (!theta.dtype.isFloatingPoint) {
    throw new ValueError(`Expected theta to have floating point type, but got ${theta.dtype}`);
  }
  const dims = size.length - 2;
  if (dims !== 2 && dims !== 3) {
    throw new NotImplementedError(
      'affine_grid only supports 4D and 5D sizes, for 2D and 3D affine transforms, respectively. ' +
        `Got size ${valueText(size)}.`,
    );
  }
  const [, rows, columns] = theta.shape;
  if (theta.dim() !== 3 || rows !== dims || columns !== dims + 1) {
    throw new ValueError(
      `Expected a batch of ${dims}D affine matrices of shape Nx${dims}x${dims + 1} for size ${valueText(size)}. Got ${sizeText(theta.shape)}.`,
    );
  }
  if (aligned && Math.min(...size.slice(-dims)) === 1) {
    warn(
      'Since version 1.3.0, affine_grid behavior has changed for unit-size grids when align_corners=True. This is ' +
        'not an intended use case of affine_grid. See the documentation of affine_grid for details.',
    );
  } else if (Math.min(...size) <= 0) {
    throw new ValueError(`Expected non-zero, positive output size. Got ${valueText(size)}`);
  }
  return aten.affineGridGenerator(theta, size, aligned);
}
