import { tupleText, valueText } from '../python-text.js';

/** A size in each spatial dimension; one number says all of them. */
export type Sizes = number | readonly number[];

/** PyTorch's `_ntuple`: a number n times, a list as it is. */
export function ntuple(value: Sizes, n: number): number[] {
  return typeof value === 'object' ? [...value] : new Array<number>(n).fill(value);
}

/** How a size prints that is kept as it was given. */
export function sizesText(sizes: number | readonly (number | null)[] | null | undefined): string {
  return Array.isArray(sizes) ? tupleText(sizes) : valueText(sizes);
}
