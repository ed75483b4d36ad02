import { ValueError } from '../../errors.js';
import { Tuple } from '../../tuple.js';

/** One number for a square, `[both]`, or `[height, width]`. */
export type Size = number | readonly number[];

/**
 * Height and width (torchvision's `_setup_size`).
 *
 * @throws ValueError unless they are one or two positive integers
 */
export function heightAndWidth(size: Size, message: string): [height: number, width: number] {
  const [height, width = height] = typeof size === 'number' ? [size] : size;
  const isSize = (value: unknown): value is number => Number.isInteger(value) && (value as number) > 0;
  if (!isSize(height) || !isSize(width) || (typeof size !== 'number' && size.length > 2)) {
    throw new ValueError(`${message} Got ${JSON.stringify(size)}.`);
  }
  // Python makes a tuple of one number, and keeps a list of two.
  const isList = typeof size !== 'number' && size.length === 2;
  return (isList ? [height, width] : Tuple.of(height, width)) as [number, number];
}

export const SIZE_MESSAGE = 'Please provide only two dimensions (h, w) for size.';
