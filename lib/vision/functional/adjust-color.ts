import { float32 } from '../../dtype.js';
import { ValueError } from '../../errors.js';
import { scope } from '../../memory.js';
import { requireNames } from '../../options.js';
import { float } from '../../scalar.js';
import type { Tensor } from '../../tensor.js';
import { luma } from './grayscale.js';
import { greyOrRgb } from './grey-or-rgb.js';
import { toDtype } from './to-dtype.js';
import { maxValue } from './value-range.js';

/**
 * Multiplies an image [..., 1 or 3, H, W]: 0 is black, 1 changes nothing
 * (torchvision.transforms.v2.functional.adjust_brightness).
 *
 * @throws ValueError on a negative factor
 */
export function adjustBrightness(image: Tensor, brightnessFactor: number): Tensor {
  requireFactor('brightness_factor', brightnessFactor);
  greyOrRgb(image);
  return scope(() => clamped(image.mul(float(brightnessFactor)), image));
}

/**
 * Blends an image [..., 1 or 3, H, W] with its mean brightness: 0 is grey, 1 changes nothing
 * (torchvision.transforms.v2.functional.adjust_contrast).
 *
 * @throws ValueError on a negative factor
 */
export function adjustContrast(image: Tensor, contrastFactor: number): Tensor {
  requireFactor('contrast_factor', contrastFactor);
  const isGrey = greyOrRgb(image) === 1;
  return scope(() => {
    const grey = isGrey ? inFloat(image) : wholeLuma(image);
    return blend(image, grey.mean([-3, -2, -1], true), contrastFactor);
  });
}

/**
 * Blends an image [..., 1 or 3, H, W] with its grey version: 0 is grey, 1 changes nothing; a grey image is given back
 * (torchvision.transforms.v2.functional.adjust_saturation).
 *
 * @throws ValueError on a negative factor
 */
export function adjustSaturation(image: Tensor, saturationFactor: number): Tensor {
  requireFactor('saturation_factor', saturationFactor);
  if (greyOrRgb(image) === 1) return image;
  return scope(() => blend(image, wholeLuma(image), saturationFactor));
}

/**
 * `gain * image ** gamma` for values from 0 to 1 (torchvision.transforms.v2.functional.adjust_gamma).
 *
 * @param options.gain default 1
 * @throws ValueError on a negative gamma
 */
export function adjustGamma(image: Tensor, gamma: number, options: { gain?: number } = {}): Tensor {
  requireNames(adjustGamma, options, { gain: true });
  const { gain = 1 } = options;
  if (gamma < 0) throw new ValueError('Gamma should be a non-negative real number');
  return scope(() => {
    const output = image.dtype.isFloatingPoint
      ? image.pow(float(gamma))
      : toDtype(image, float32, { scale: true }).pow_(float(gamma));
    if (gain !== 1) output.mul_(gain).clamp_(0, 1);
    return toDtype(output, image.dtype, { scale: true });
  });
}

function requireFactor(name: string, factor: number): void {
  if (!(factor >= 0)) throw new ValueError(`${name} (${factor}) is not non-negative.`);
}

const inFloat = (image: Tensor) => (image.dtype.isFloatingPoint ? image : image.to(float32));

// Pillow's grey is whole.
function wholeLuma(image: Tensor): Tensor {
  return image.dtype.isFloatingPoint ? luma(image) : luma(image).floor_();
}

function blend(image: Tensor, other: Tensor, ratio: number): Tensor {
  return clamped(image.mul(float(ratio)).add_(other, { alpha: 1 - ratio }), image);
}

function clamped(output: Tensor, { dtype }: Tensor): Tensor {
  const within = output.clamp_(0, maxValue(dtype));
  return dtype.isFloatingPoint ? within : within.to(dtype);
}
