import { float16, float32 } from '../../dtype.js';
import { ValueError } from '../../errors.js';
import { scope } from '../../memory.js';
import { requireNames } from '../../options.js';
import { sizeText, tupleText } from '../../python-text.js';
import type { Tensor } from '../../tensor.js';
import { elasticBoxes } from '../boxes/elastic.js';
import { getSize } from './dimensions.js';
import { applyGrid, checkGridOptions, type GridOptions, gridDtype, gridNames } from './grid-transform.js';
import { identityGrid } from './identity-grid.js';
import { onKind } from './on-kind.js';

/**
 * Moves every pixel of an image [..., C, H, W] by its own displacement [1, H, W, 2], in halves of width and height
 * (torchvision.transforms.v2.functional.elastic). Interpolation by default 'bilinear'.
 *
 * @throws ValueError on a displacement of another shape
 */
export function elastic<T extends Tensor>(image: T, displacement: Tensor, options: GridOptions = {}): T {
  requireNames(elastic, options, gridNames);
  const { interpolation = 'bilinear', fill = null } = options;
  const [height, width] = getSize(image);
  const expected = [1, height, width, 2];
  if (`${displacement.shape}` !== `${expected}`) {
    throw new ValueError(
      `Argument displacement shape should be ${tupleText(expected)}, but given ${sizeText(displacement.shape)}`,
    );
  }
  return scope(() =>
    onKind(image, {
      image: (pixels) => displaced(pixels, displacement, { interpolation, fill }),
      mask: (mask) => displaced(mask, displacement, { interpolation: 'nearest', fill }),
      boxes: (boxes) => elasticBoxes(boxes, displacement),
    }),
  );
}

function displaced(
  image: Tensor,
  displacement: Tensor,
  { interpolation, fill }: Required<GridOptions>,
): Tensor {
  checkGridOptions(image, interpolation, fill);
  // There is no sampling kernel for float16 on the CPU.
  const isHalf = image.device.type === 'cpu' && image.dtype === float16;
  const pixels = isHalf ? image.to(float32) : image;
  const [height, width] = getSize(pixels);
  const identity = identityGrid(height, width, { dtype: gridDtype(pixels), device: pixels.device });
  const grid = identity.add_(displacement.to(gridDtype(pixels)).to(pixels.device));
  const moved = applyGrid(pixels, grid, interpolation, fill);
  return isHalf ? moved.to(float16) : moved;
}
