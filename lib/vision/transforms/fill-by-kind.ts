import type { Tensor } from '../../tensor.js';
import type { Fill } from '../functional/pad.js';
import { Mask } from '../tv-tensors/mask.js';

/** Another border for masks than for images; null, and what is left out, is no fill. */
export interface FillByKind {
  image?: Fill;
  mask?: Fill;
}

/** Options of a function whose border a transform may know by kind. */
export type ByKind<Options extends { fill?: Fill }> = Omit<Options, 'fill'> & { fill?: Fill | FillByKind };

/** The options for one image or mask (torchvision's `_get_fill`). */
export function filledFor<Options extends { fill?: Fill }>(input: Tensor, options: ByKind<Options>): Options {
  const { fill } = options;
  if (!isByKind(fill)) return options as Options;
  return { ...options, fill: (input instanceof Mask ? fill.mask : fill.image) ?? null } as Options;
}

/** Python prints no dict. */
export function printedFill(fill: Fill | FillByKind | undefined): Fill | undefined {
  return isByKind(fill) ? undefined : fill;
}

function isByKind(fill: Fill | FillByKind | undefined): fill is FillByKind {
  return typeof fill === 'object' && fill !== null && !Array.isArray(fill);
}
