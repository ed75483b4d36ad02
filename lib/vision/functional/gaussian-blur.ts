import { type DType, float32 } from '../../dtype.js';
import { ValueError } from '../../errors.js';
import { scope } from '../../memory.js';
import { aten } from '../../operators/ops.js';
import { requireNames } from '../../options.js';
import { sqrt } from '../../python-number.js';
import { valueText } from '../../python-text.js';
import type { Tensor } from '../../tensor.js';
import { imageSize } from './image-size.js';

/**
 * Smooths an image [..., C, H, W] with a bell curve; beyond the border the image is mirrored
 * (torchvision.transforms.v2.functional.gaussian_blur).
 *
 * @param kernelSize odd; one number, or `[x, y]`
 * @param options.sigma one number, or `[x, y]`; default 0.15 kernelSize + 0.35
 * @throws ValueError on an even kernel size, or a sigma that is not positive
 */
export function gaussianBlur(
  image: Tensor,
  kernelSize: number | readonly number[],
  options: { sigma?: number | readonly number[] | null } = {},
): Tensor {
  requireNames(gaussianBlur, options, { sigma: true });
  const sizes = typeof kernelSize === 'number' ? [kernelSize, kernelSize] : kernelSize;
  if (sizes.length !== 2) {
    throw new ValueError(`If kernel_size is a sequence its length should be 2. Got ${sizes.length}`);
  }
  if (!sizes.every((size) => Number.isInteger(size) && size > 0 && size % 2 === 1)) {
    throw new ValueError(`kernel_size should have odd and positive integers. Got ${valueText(kernelSize)}`);
  }
  const sigmas = sigmaPair(options.sigma ?? sizes.map((size) => size * 0.15 + 0.35));
  imageSize(image);
  if (image.numel() === 0) return image;
  return scope(() => blur(image, sizes as [number, number], sigmas));
}

function sigmaPair(sigma: number | readonly number[]): [number, number] {
  const [x, y = x] = typeof sigma === 'number' ? [sigma] : sigma;
  if (typeof sigma !== 'number' && sigma.length !== 1 && sigma.length !== 2) {
    throw new ValueError(`If sigma is a sequence, its length should be 2. Got ${sigma.length}`);
  }
  if (!(x !== undefined && y !== undefined && x > 0 && y > 0)) {
    throw new ValueError(`sigma should have positive values. Got ${valueText([x, y])}`);
  }
  return [x, y];
}

function blur(
  image: Tensor,
  [kernelX, kernelY]: [number, number],
  [sigmaX, sigmaY]: [number, number],
): Tensor {
  const { dtype, device, shape } = image;
  const dims = image.dim();
  const [channels, height, width] = imageSize(image);
  const isFloat = dtype.isFloatingPoint;
  const batch =
    dims === 3 ? image.unsqueeze(0) : dims > 4 ? image.reshape([-1, channels, height, width]) : image;
  const pixels = isFloat ? batch : batch.to(float32);
  const bell = (size: number, sigma: number) => bellCurve(size, sigma, pixels.dtype, device);
  const kernel = bell(kernelY, sigmaY)
    .unsqueeze(-1)
    .mul(bell(kernelX, sigmaX))
    .expand([channels, 1, kernelY, kernelX]);
  const [padX, padY] = [kernelX >> 1, kernelY >> 1];
  const padded = aten.pad(pixels, [padX, padX, padY, padY], 'reflect');
  const smooth = aten.conv2d(padded, kernel, { groups: channels });
  const restored = dims === 3 ? smooth.squeeze(0) : dims > 4 ? smooth.reshape(shape) : smooth;
  return isFloat ? restored : restored.round_().to(dtype);
}

function bellCurve(size: number, sigma: number, dtype: DType, device: Tensor['device']): Tensor {
  const limit = (size - 1) / (2 * sqrt(2));
  const x = aten.linspace(-limit, limit, size, { dtype, device });
  return x.div(sigma).pow(2).neg().softmax(0);
}
