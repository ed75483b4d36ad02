import { ValueError } from '../errors.js';
import { type Collated, defaultCollate, defaultConvert } from './collate.js';
import type { Dataset } from './dataset.js';
import { fetchBatch, fetchSample } from './fetch.js';
import { drawSeed, type Generator } from './generator.js';
import { BatchSampler, lengthOf, RandomSampler, SequentialSampler } from './sampler.js';

export interface DataLoaderOptions<T, Batch> {
  /** Samples per batch, default 1; null yields single samples, without collating. */
  batchSize?: number | null;
  /** A new random order in every epoch. Default false. */
  shuffle?: boolean;
  /** Indices of one epoch, instead of `shuffle`. */
  sampler?: Iterable<number> | null;
  /** Batches of indices, instead of `batchSize`, `shuffle`, `sampler` and `dropLast`. */
  batchSampler?: Iterable<readonly number[]> | null;
  /** Makes a batch of samples, or with `batchSize: null` converts the one. Default: {@link defaultCollate}. */
  collateFn?: ((samples: T[]) => Batch | Promise<Batch>) | null;
  /** Leave the last batch out when it would be smaller. Default false. */
  dropLast?: boolean;
  /** Draws the order and the base seed. Default: the default generator. */
  generator?: Generator | null;
}

const OPTIONS = ['batchSize', 'shuffle', 'sampler', 'batchSampler', 'collateFn', 'dropLast', 'generator'];

/**
 * Batches of a dataset, for `for await` (torch.utils.data.DataLoader with one process). The order of the samples and
 * every draw from the generators are Python's: each iterator draws a base seed as soon as it is made, also without
 * shuffling, so an evaluation pass between two epochs moves the default generator exactly as it does in Python.
 */
export class DataLoader<T, Batch = Collated<T>> implements AsyncIterable<Batch> {
  readonly dataset: Dataset<T>;
  readonly batchSize: number | null;
  readonly dropLast: boolean;
  readonly sampler: Iterable<number>;
  readonly batchSampler: Iterable<readonly number[]> | null;
  readonly generator: Generator | null;
  readonly #collate: (samples: T[]) => Batch | Promise<Batch>;
  readonly #convert: (sample: T) => Batch | Promise<Batch>;

  /** @throws ValueError when the options exclude each other, or the batch size is not a positive integer */
  constructor(dataset: Dataset<T>, options: DataLoaderOptions<T, Batch> = {}) {
    refuseUnknown(options);
    refuseConflicts(options);
    const { batchSize = 1, shuffle = false, dropLast = false, generator = null } = options;
    this.dataset = dataset;
    this.generator = generator;
    this.dropLast = dropLast;
    this.sampler =
      options.sampler ??
      (shuffle ? new RandomSampler(dataset, { generator }) : new SequentialSampler(dataset));
    this.batchSize = options.batchSampler ? null : batchSize;
    this.batchSampler =
      options.batchSampler ??
      (batchSize === null ? null : new BatchSampler(this.sampler, { batchSize, dropLast }));
    this.#collate = options.collateFn ?? (defaultCollate as unknown as (samples: T[]) => Batch);
    this.#convert = (options.collateFn ?? defaultConvert) as (sample: T) => Batch | Promise<Batch>;
  }

  /** The number of batches of one epoch. */
  get length(): number {
    return lengthOf(this.batchSampler ?? this.sampler);
  }

  [Symbol.asyncIterator](): AsyncIterator<Batch> {
    drawSeed(this.generator);
    return this.batchSampler === null ? this.#samples(this.sampler) : this.#batches(this.batchSampler);
  }

  async *#batches(batchSampler: Iterable<readonly number[]>): AsyncGenerator<Batch> {
    for (const indices of batchSampler) yield this.#collate(await fetchBatch(this.dataset, indices));
  }

  async *#samples(sampler: Iterable<number>): AsyncGenerator<Batch> {
    for (const index of sampler) yield this.#convert(await fetchSample(this.dataset, index));
  }
}

function refuseUnknown(options: object): void {
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (unknown === undefined) return;
  throw new TypeError(`DataLoader got an unexpected option '${unknown}'; it knows ${OPTIONS.join(', ')}`);
}

// The texts are PyTorch's.
function refuseConflicts(options: DataLoaderOptions<never, unknown>): void {
  const { batchSize = 1, shuffle = false, sampler, batchSampler, dropLast = false } = options;
  if (sampler && shuffle) throw new ValueError('sampler option is mutually exclusive with shuffle');
  if (batchSampler && (batchSize !== 1 || shuffle || sampler || dropLast)) {
    throw new ValueError(
      'batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and drop_last',
    );
  }
  if (batchSize === null && dropLast) {
    throw new ValueError(
      'batch_size=None option disables auto-batching and is mutually exclusive with drop_last',
    );
  }
}
