import { availableParallelism } from 'node:os';
import { ValueError } from '../errors.js';
import { valueText } from '../python-text.js';
import { warn } from '../warn.js';
import { type Dataset, IterableDataset } from './dataset.js';
import type { Generator } from './generator.js';

export interface DataLoaderOptions<T, Batch> {
  /** Samples per batch, default 1; null yields single samples, without collating. */
  batchSize?: number | null;
  /** A new random order in every epoch. Default false. */
  shuffle?: boolean | null;
  /** Indices of one epoch, instead of `shuffle`. */
  sampler?: Iterable<number> | null;
  /** Batches of indices, instead of `batchSize`, `shuffle`, `sampler` and `dropLast`. */
  batchSampler?: Iterable<readonly number[]> | null;
  /** Makes a batch of samples, or with `batchSize: null` converts the one. Default: `defaultCollate`. */
  collateFn?: ((samples: T[]) => Batch | Promise<Batch>) | null;
  /** Leave the last batch out when it would be smaller. Default false. */
  dropLast?: boolean;
  /** Draws the order and the base seed. Default: the default generator. */
  generator?: Generator | null;
  /**
   * Workers that read batches ahead; 0: each batch is read when it is asked for. Without a `workerModule` they share
   * this thread, and what they wait for (files, decoding) goes on side by side.
   */
  numWorkers?: number;
  /**
   * A module whose default export makes the dataset: then each worker is a thread with a dataset of its own. It may
   * export `collateFn` and `workerInitFn` too. The loader's own dataset says how many samples there are.
   */
  workerModule?: string | URL | null;
  /** What that function gets; a copy for each worker. */
  workerData?: unknown;
  /** Called in each worker, with its number, before it reads. Threads have it from their module. */
  workerInitFn?: ((id: number) => void | Promise<void>) | null;
  /** Batches that each worker reads ahead. Default 2. */
  prefetchFactor?: number | null;
  /** Workers, and what their datasets hold, are kept for the next epoch. */
  persistentWorkers?: boolean;
  /** Seconds to wait for a batch of the workers; 0: for ever. */
  timeout?: number;
  /** False: batches come as soon as a worker has them. Default true. */
  inOrder?: boolean;
  /** Batches lie in pinned memory, for faster copies to CUDA. */
  pinMemory?: boolean;
}

const names = [
  ...['batchSize', 'shuffle', 'sampler', 'batchSampler', 'collateFn', 'dropLast', 'generator', 'numWorkers'],
  ...['workerModule', 'workerData', 'workerInitFn', 'prefetchFactor', 'persistentWorkers', 'timeout'],
  ...['inOrder', 'pinMemory'],
];

type Options = DataLoaderOptions<never, unknown>;

/** Throws TypeError for an option that does not exist, ValueError in PyTorch's words for those that do not agree. */
export function checkOptions(options: Options, dataset: Dataset<unknown> | IterableDataset<unknown>): void {
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(`DataLoader got an unexpected option '${unknown}'; it knows ${names.join(', ')}`);
  }
  checkWorkers(options);
  if (dataset instanceof IterableDataset) checkIterable(options);
  checkSampling(options);
}

function checkWorkers(options: Options): void {
  const { numWorkers = 0, timeout = 0, prefetchFactor = null, persistentWorkers = false } = options;
  if (numWorkers < 0) {
    throw new ValueError(
      'num_workers option should be non-negative; use num_workers=0 to disable multiprocessing.',
    );
  }
  if (timeout < 0) throw new ValueError('timeout option should be non-negative');
  if (numWorkers === 0 && prefetchFactor !== null) {
    throw new ValueError(
      'prefetch_factor option could only be specified in multiprocessing.' +
        'let num_workers > 0 to enable multiprocessing, otherwise set prefetch_factor to None.',
    );
  }
  if (prefetchFactor !== null && prefetchFactor < 0) {
    throw new ValueError('prefetch_factor option should be non-negative');
  }
  if (persistentWorkers && numWorkers === 0) {
    throw new ValueError('persistent_workers option needs num_workers > 0');
  }
  if (options.workerModule && numWorkers === 0) {
    throw new ValueError('workerModule option needs numWorkers > 0');
  }
  if (options.workerModule && options.workerInitFn) {
    throw new ValueError('workerInitFn cannot go to another thread: export it from the workerModule');
  }
  const processors = availableParallelism();
  if (numWorkers > processors) {
    warn(
      `This DataLoader will create ${numWorkers} workers in total. Our suggested max number of worker in current ` +
        `system is ${processors}, which is smaller than what this DataLoader is going to create. Please be aware ` +
        'that excessive worker creation might get DataLoader running slow or even freeze, lower the worker number ' +
        'to avoid potential slowness/freeze if necessary.',
    );
  }
}

function checkIterable({ shuffle, sampler, batchSampler }: Options): void {
  const refuse = (option: string, value: unknown): never => {
    throw new ValueError(
      `DataLoader with IterableDataset: expected unspecified ${option} option, but got ${option}=${valueText(value)}`,
    );
  };
  if (shuffle) refuse('shuffle', shuffle);
  if (sampler) refuse('sampler', sampler);
  if (batchSampler) refuse('batch_sampler', batchSampler);
}

function checkSampling(options: Options): void {
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
