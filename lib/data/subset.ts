import { IndexError, ValueError } from '../errors.js';
import { aten } from '../operators/ops.js';
import { requireNames } from '../options.js';
import { warn } from '../warn.js';
import { Dataset } from './dataset.js';
import { fetchBatch, readSample } from './fetch.js';
import type { Generator } from './generator.js';
import { drawInts, type Sized } from './sampler.js';

/** Some samples of a dataset, in an order of their own (torch.utils.data.Subset). */
export class Subset<T> extends Dataset<T> {
  constructor(
    readonly dataset: Dataset<T>,
    readonly indices: readonly number[],
  ) {
    super();
  }

  get length(): number {
    return this.indices.length;
  }

  get(index: number): T | Promise<T> {
    return readSample(this.dataset, this.#at(index));
  }

  override getItems(indices: readonly number[]): Promise<T[]> {
    return fetchBatch(
      this.dataset,
      indices.map((index) => this.#at(index)),
    );
  }

  #at(index: number): number {
    const found = this.indices.at(index);
    if (found === undefined) throw new IndexError('list index out of range');
    return found;
  }
}

/** `math.isclose`. */
const isClose = (a: number, b: number): boolean =>
  Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function wholeLengths(dataset: Sized, fractions: readonly number[]): number[] {
  for (const [index, fraction] of fractions.entries()) {
    if (fraction < 0 || fraction > 1) {
      throw new ValueError(`Fraction at index ${index} is not between 0 and 1`);
    }
  }
  const lengths = fractions.map((fraction) => Math.floor(dataset.length * fraction));
  const rest = dataset.length - sum(lengths);
  for (let i = 0; i < rest; i += 1) (lengths[i % lengths.length] as number) += 1;
  for (const [index, length] of lengths.entries()) {
    if (length !== 0) continue;
    warn(`Length of split at index ${index} is 0. This might result in an empty dataset.`);
  }
  return lengths;
}

/**
 * Splits a dataset at random into parts of these lengths, or of these shares where they add up to 1
 * (torch.utils.data.random_split). One draw, from the default generator if no other is given.
 */
export function randomSplit<T, const Lengths extends readonly number[]>(
  dataset: Dataset<T>,
  lengths: Lengths,
  options: { generator?: Generator | null } = {},
): { -readonly [Part in keyof Lengths]: Subset<T> } {
  requireNames(randomSplit, options, { generator: true });
  const { generator = null } = options;
  const total = sum(lengths);
  const whole = isClose(total, 1) && total <= 1 ? wholeLengths(dataset, lengths) : lengths;
  if (sum(whole) !== dataset.length) {
    throw new ValueError('Sum of input lengths does not equal the length of the input dataset!');
  }
  const indices = drawInts(() => aten.randperm(dataset.length, { generator }));
  let end = 0;
  const parts = whole.map((length) => {
    end += length;
    return new Subset(dataset, indices.slice(end - length, end));
  });
  return parts as { -readonly [Part in keyof Lengths]: Subset<T> };
}
