import { int64 } from '../dtype.js';
import { ValueError } from '../errors.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { requireNames } from '../options.js';
import { type Generator, seededGenerator } from './generator.js';

/** Anything that knows how many samples it has. */
export interface Sized {
  readonly length: number;
}

/** Says in which order the samples (or batches of them) of one epoch are read (torch.utils.data.Sampler). */
export abstract class Sampler<T> implements Iterable<T>, Sized {
  abstract [Symbol.iterator](): Iterator<T>;
  abstract get length(): number;
}

/** 0, 1, 2, ... */
export class SequentialSampler extends Sampler<number> {
  readonly dataSource: Sized;

  constructor(dataSource: Sized) {
    super();
    this.dataSource = dataSource;
  }

  *[Symbol.iterator](): Iterator<number> {
    for (let index = 0; index < this.dataSource.length; index += 1) yield index;
  }

  get length(): number {
    return this.dataSource.length;
  }
}

export interface RandomSamplerOptions {
  /** Draw each sample from all of them, instead of going through a permutation. Default false. */
  replacement?: boolean;
  /** How many samples an epoch has. Default: as many as the data source. */
  numSamples?: number | null;
  /** Draws the permutation itself. Default: a new generator, seeded by one draw from the default generator. */
  generator?: Generator | null;
}

// With replacement PyTorch draws in blocks of this size.
const BLOCK = 32;

/**
 * A new random order in every epoch, the same as Python's. Draws are lazy as in Python: the seed when the first
 * index is asked for, and one more permutation when the end of the last one is reached.
 */
export class RandomSampler extends Sampler<number> {
  readonly dataSource: Sized;
  readonly replacement: boolean;
  readonly generator: Generator | null;
  readonly #numSamples: number | null;

  /** @throws ValueError when there is nothing to draw from, or `numSamples` is not a positive integer */
  constructor(dataSource: Sized, options: RandomSamplerOptions = {}) {
    requireNames(new.target, options, { replacement: true, numSamples: true, generator: true });
    super();
    this.dataSource = dataSource;
    this.replacement = options.replacement ?? false;
    this.generator = options.generator ?? null;
    this.#numSamples = options.numSamples ?? null;
    if (typeof this.replacement !== 'boolean') {
      throw new TypeError(
        `replacement should be a boolean value, but got replacement=${String(this.replacement)}`,
      );
    }
    requirePositive('num_samples', this.numSamples);
  }

  /** The data source may grow, so this is looked up each time. */
  get numSamples(): number {
    return this.#numSamples ?? this.dataSource.length;
  }

  get length(): number {
    return this.numSamples;
  }

  *[Symbol.iterator](): Iterator<number> {
    const n = this.dataSource.length;
    const generator = this.generator ?? seededGenerator();
    const draw = this.replacement
      ? (count: number) => drawInts(() => aten.randint(n, [count], { dtype: int64, generator }))
      : (count: number) => drawInts(() => aten.randperm(n, { generator })).slice(0, count);
    const block = this.replacement ? BLOCK : n;
    for (let i = Math.floor(this.numSamples / block); i > 0; i -= 1) yield* draw(block);
    yield* draw(this.numSamples % block);
  }
}

export interface BatchSamplerOptions {
  batchSize: number;
  /** Leave the last batch out when it would be smaller. Default false. */
  dropLast?: boolean;
}

/** Groups the indices of another sampler into batches. */
export class BatchSampler extends Sampler<number[]> {
  readonly sampler: Iterable<number>;
  readonly batchSize: number;
  readonly dropLast: boolean;

  /** @throws ValueError when `batchSize` is not a positive integer */
  constructor(sampler: Iterable<number>, options: BatchSamplerOptions) {
    requireNames(new.target, options, { batchSize: true, dropLast: true });
    super();
    this.sampler = sampler;
    this.batchSize = options.batchSize;
    this.dropLast = options.dropLast ?? false;
    requirePositive('batch_size', this.batchSize);
    if (typeof this.dropLast !== 'boolean') {
      throw new ValueError(`drop_last should be a boolean value, but got drop_last=${String(this.dropLast)}`);
    }
  }

  // The sampler is not asked for more than the batch needs: asking once more is what draws the next permutation.
  *[Symbol.iterator](): Iterator<number[]> {
    let batch: number[] = [];
    for (const index of this.sampler) {
      batch.push(index);
      if (batch.length === this.batchSize) {
        yield batch;
        batch = [];
      }
    }
    if (batch.length > 0 && !this.dropLast) yield batch;
  }

  /** @throws TypeError when the sampler has no length */
  get length(): number {
    const batches = lengthOf(this.sampler) / this.batchSize;
    return this.dropLast ? Math.floor(batches) : Math.ceil(batches);
  }
}

/** The length of a sampler or list of indices; Python's `len`. */
export function lengthOf(indices: Iterable<unknown>): number {
  const { length } = indices as Partial<Sized>;
  if (typeof length !== 'number') {
    const name = (indices as object).constructor?.name ?? 'Object';
    throw new TypeError(`object of type '${name}' has no len(): give the sampler a \`length\``);
  }
  return length;
}

export function requirePositive(name: string, value: number): void {
  if (!Number.isInteger(value) || value <= 0) {
    throw new ValueError(`${name} should be a positive integer value, but got ${name}=${String(value)}`);
  }
}

/** A tensor of indices as numbers. */
export function drawInts(draw: () => { tolist(): unknown }): number[] {
  let indices: unknown;
  scope(() => {
    indices = draw().tolist();
  });
  return (indices as (number | bigint)[]).map(Number);
}
