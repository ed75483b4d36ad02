import { scope } from '../../memory.js';
import { aten } from '../../operators/ops.js';
import { atan } from '../../python-number.js';
import type { Tensor } from '../../tensor.js';
import { happensUpTo } from '../draws.js';
import { adjustBrightness, adjustContrast, adjustSaturation } from '../functional/adjust-color.js';
import { adjustSharpness } from '../functional/adjust-sharpness.js';
import { affine, rotate } from '../functional/affine.js';
import { autocontrast } from '../functional/autocontrast.js';
import { equalize } from '../functional/equalize.js';
import type { GridOptions } from '../functional/grid-transform.js';
import { imageSize } from '../functional/image-size.js';
import { invert, posterize, solarize } from '../functional/tones.js';
import { maxValue } from '../functional/value-range.js';

/** Python's math.degrees. */
const degrees = (radians: number): number => radians * (180 / Math.PI);

type Operation = (image: Tensor, magnitude: number, options: GridOptions) => Tensor;

/** What an image can undergo, by the names of the papers. */
const OPERATIONS = {
  Identity: (image) => image,
  ShearX: (image, magnitude, options) => shear(image, [degrees(atan(magnitude)), 0], options),
  ShearY: (image, magnitude, options) => shear(image, [0, degrees(atan(magnitude))], options),
  TranslateX: (image, magnitude, options) => affine(image, 0, [Math.trunc(magnitude), 0], 1, [0, 0], options),
  TranslateY: (image, magnitude, options) => affine(image, 0, [0, Math.trunc(magnitude)], 1, [0, 0], options),
  Rotate: (image, magnitude, options) => rotate(image, magnitude, options),
  Brightness: (image, magnitude) => adjustBrightness(image, 1 + magnitude),
  Color: (image, magnitude) => adjustSaturation(image, 1 + magnitude),
  Contrast: (image, magnitude) => adjustContrast(image, 1 + magnitude),
  Sharpness: (image, magnitude) => adjustSharpness(image, 1 + magnitude),
  Posterize: (image, magnitude) => posterize(image, Math.trunc(magnitude)),
  Solarize: (image, magnitude) => solarize(image, Number(maxValue(image.dtype)) * magnitude),
  AutoContrast: autocontrast,
  Equalize: equalize,
  Invert: invert,
} satisfies Record<string, Operation>;

function shear(image: Tensor, angles: [number, number], options: GridOptions): Tensor {
  return affine(image, 0, [0, 0], 1, angles, { ...options, center: [0, 0] });
}

export type OperationName = keyof typeof OPERATIONS;

/** How strong an operation is in each of `bins` steps, and whether a coin decides the direction. */
export interface Strength {
  magnitudes: (bins: number, height: number, width: number) => Tensor;
  signed: boolean;
}

/** The operations to choose from, in their order; null where there is nothing to choose. */
export type AugmentationSpace = readonly (readonly [OperationName, Strength | null])[];

const line = (from: number, to: number) => (bins: number) => aten.linspace(from, to, bins);

/** From nothing to `most`, in either direction. */
export const upTo = (most: number): Strength => ({ magnitudes: line(0, most), signed: true });

/** Moves up to a part of the width or height. */
export const upToPart = (part: (height: number, width: number) => number): Strength => ({
  magnitudes: (bins, height, width) => line(0, part(height, width))(bins),
  signed: true,
});

/** From `most` bits down to `most - range`. */
export const bitsFrom = (most: number, range: number): Strength => ({
  magnitudes: (bins) => aten.rsub(aten.arange(bins).div((bins - 1) / range), most).round(),
  signed: false,
});

/** From the highest threshold, which changes little, to the lowest. */
export const thresholds: Strength = { magnitudes: line(1, 0), signed: false };

/** The magnitude of step `bin` of `bins`; a coin may turn it around. */
export function magnitudeOf(
  strength: Strength | null,
  bins: number,
  bin: () => number,
  image: Tensor,
): number {
  if (strength === null) return 0;
  const [, height, width] = imageSize(image);
  const magnitude = scope(() => strength.magnitudes(bins, height, width).select(0, bin()).item() as number);
  return strength.signed && happensUpTo(0.5) ? -magnitude : magnitude;
}

/** Applies an operation by its name. */
export function operate(name: OperationName, image: Tensor, magnitude: number, options: GridOptions): Tensor {
  return (OPERATIONS[name] as Operation)(image, magnitude, options);
}
