import { int16, uint8 } from '../../dtype.js';
import { ValueError } from '../../errors.js';
import { scope } from '../../memory.js';
import { requireNames } from '../../options.js';
import type { Tensor } from '../../tensor.js';
import { normalLike } from '../draws.js';

export interface GaussianNoiseOptions {
  /** Default 0. */
  mean?: number;
  /** Default 0.1. */
  sigma?: number;
  /** Keep the values in the dtype's range. Default true; without it uint8 wraps around. */
  clip?: boolean;
}

/**
 * Adds normal noise, measured in parts of the range, to a floating point or uint8 image
 * (torchvision.transforms.v2.functional.gaussian_noise).
 *
 * @throws ValueError on a negative sigma or another dtype
 */
export function gaussianNoise(image: Tensor, options: GaussianNoiseOptions = {}): Tensor {
  requireNames(gaussianNoise, options, { mean: true, sigma: true, clip: true });
  const { mean = 0, sigma = 0.1, clip = true } = options;
  if (sigma < 0) throw new ValueError(`sigma shouldn't be negative. Got ${sigma}`);
  const isFloat = image.dtype.isFloatingPoint;
  if (!isFloat && image.dtype !== uint8) {
    throw new ValueError(
      `Input tensor is expected to be in uint8 or float dtype, got dtype=torch.${image.dtype.name}`,
    );
  }
  return scope(() => {
    const range = isFloat ? 1 : 255;
    const noise = normalLike(image)
      .mul(sigma * range)
      .add(mean * range);
    const noisy = image.add(isFloat ? noise : noise.to(int16));
    return (clip ? noisy.clamp(0, range) : noisy).to(image.dtype);
  });
}
