import { float16, float32 } from '../../dtype.js';
import { ValueError } from '../../errors.js';
import { scope } from '../../memory.js';
import { aten } from '../../ops.js';
import { sizeText, tupleText } from '../../python-text.js';
import type { Tensor } from '../../tensor.js';
import { applyGrid, checkGridOptions, type GridOptions, gridDtype } from './grid-transform.js';
import { imageSize } from './image-size.js';

/**
 * Moves every pixel of an image [..., C, H, W] by its own displacement [1, H, W, 2], in halves of width and height
 * (torchvision.transforms.v2.functional.elastic). Interpolation by default 'bilinear'.
 *
 * @throws ValueError on a displacement of another shape
 */
export function elastic(image: Tensor, displacement: Tensor, options: GridOptions = {}): Tensor {
  const { interpolation = 'bilinear', fill = null } = options;
  const [, height, width] = imageSize(image);
  const expected = [1, height, width, 2];
  if (`${displacement.shape}` !== `${expected}`) {
    throw new ValueError(
      `Argument displacement shape should be ${tupleText(expected)}, but given ${sizeText(displacement.shape)}`,
    );
  }
  checkGridOptions(image, interpolation, fill);
  return scope(() => {
    // There is no sampling kernel for float16 on the CPU.
    const isHalf = image.device.type === 'cpu' && image.dtype === float16;
    const pixels = isHalf ? image.to(float32) : image;
    const grid = identityGrid(pixels).add_(displacement.to(gridDtype(pixels)).to(pixels.device));
    const moved = applyGrid(pixels, grid, interpolation, fill);
    return isHalf ? moved.to(float16) : moved;
  });
}

function identityGrid(image: Tensor): Tensor {
  const [, height, width] = imageSize(image);
  const options = { dtype: gridDtype(image), device: image.device };
  const grid = aten.empty([1, height, width, 2], options);
  const line = (length: number) =>
    aten.linspace((-length + 1) / length, (length - 1) / length, length, options);
  grid.select(-1, 0).copy_(line(width));
  grid.select(-1, 1).copy_(line(height).unsqueeze_(-1));
  return grid;
}
