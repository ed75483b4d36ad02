import { ValueError } from '../../errors.js';

/** A new shorter side, `[height, width]`, or null where `maxSize` alone decides. */
export type ResizeSize = number | readonly [number] | readonly [number, number] | null;

/**
 * Height and width after a resize, by torchvision's rules: one number is the new shorter side and the longer one
 * follows, cut to an integer; `maxSize` bounds the longer side. (torchvision's `_compute_resized_output_size`.)
 */
export function resizedSize(
  [height, width]: readonly [number, number],
  size: ResizeSize,
  maxSize: number | null,
): [number, number] {
  const requested = typeof size === 'number' ? [size] : size;
  if (requested?.length === 2) {
    if (maxSize !== null) {
      throw new ValueError(
        'max_size should only be passed if size is None or specifies the length of the smaller edge, ' +
          'i.e. size should be an int or a sequence of length 1 in torchscript mode.',
      );
    }
    return [requirePixels(requested[0]), requirePixels(requested[1])];
  }
  const [short, long] = width <= height ? [width, height] : [height, width];
  const [newShort, newLong] = requested
    ? fromShorterSide(short, long, requirePixels(requested[0]), maxSize)
    : fromLongerSide(short, long, maxSize);
  return width <= height ? [newLong, newShort] : [newShort, newLong];
}

function fromShorterSide(short: number, long: number, wanted: number, maxSize: number | null) {
  if (maxSize !== null && maxSize <= wanted) {
    throw new ValueError(
      `max_size = ${maxSize} must be strictly greater than the requested size for the smaller edge size = ${wanted}`,
    );
  }
  const newLong = Math.trunc((wanted * long) / short);
  if (maxSize === null || newLong <= maxSize) return [wanted, newLong] as const;
  return [Math.trunc((maxSize * wanted) / newLong), maxSize] as const;
}

function fromLongerSide(short: number, long: number, maxSize: number | null) {
  if (maxSize === null || !Number.isInteger(maxSize)) {
    throw new ValueError(`max_size must be an integer when size is None, but got ${maxSize} instead.`);
  }
  return [Math.trunc((maxSize * short) / long), maxSize] as const;
}

function requirePixels(value: number | undefined): number {
  if (value === undefined || !Number.isInteger(value) || value <= 0) {
    throw new ValueError(`size must be a positive integer number of pixels, but got ${value}`);
  }
  return value;
}
