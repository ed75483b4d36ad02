import { TorchError } from '../errors.js';
import { requireOptions } from '../options.js';
import { type Collated, defaultCollate, defaultConvert } from './collate.js';
import { checkOptions, type DataLoaderOptions } from './dataloader-options.js';
import { type Dataset, IterableDataset } from './dataset.js';
import { type Asked, ended, newFetch } from './fetch.js';
import { drawSeed, type Generator } from './generator.js';
import { ConcurrentWorker, type LoaderWorker } from './loader-worker.js';
import { pinned } from './pin-memory.js';
import { BatchSampler, lengthOf, RandomSampler, SequentialSampler } from './sampler.js';
import { ThreadWorker } from './thread-worker.js';
import { workerInfo } from './worker-info.js';
import { WorkerPass } from './worker-iterator.js';

export type { DataLoaderOptions };

/** Asks an iterable dataset for ever. */
const always: Iterable<null> = {
  *[Symbol.iterator]() {
    for (;;) yield null;
  },
};

/**
 * Batches of a dataset, for `for await` (torch.utils.data.DataLoader). The order of the samples and every draw from the
 * generators are Python's: each iterator draws a base seed as soon as it is made, also without shuffling, so an
 * evaluation pass between two epochs moves the default generator exactly as it does in Python.
 */
export class DataLoader<T, Batch = Collated<T>> implements AsyncIterable<Batch> {
  readonly dataset: Dataset<T> | IterableDataset<T>;
  readonly batchSize: number | null;
  readonly dropLast: boolean;
  readonly sampler: Iterable<number | null>;
  readonly batchSampler: Iterable<readonly (number | null)[]> | null;
  readonly generator: Generator | null;
  readonly numWorkers: number;
  readonly #options: DataLoaderOptions<T, Batch>;
  /** Those that are kept, with the base seed that only their first epoch draws. */
  #workers: LoaderWorker[] | undefined;

  /** @throws ValueError when the options exclude each other, or the batch size is not a positive integer */
  constructor(dataset: Dataset<T> | IterableDataset<T>, options: DataLoaderOptions<T, Batch> = {}) {
    requireOptions(new.target, options);
    checkOptions(options, dataset);
    const { batchSize = 1, shuffle = false, dropLast = false, generator = null } = options;
    this.#options = options;
    this.dataset = dataset;
    this.generator = generator;
    this.dropLast = dropLast;
    this.numWorkers = options.numWorkers ?? 0;
    this.sampler = options.sampler ?? defaultSampler(dataset, Boolean(shuffle), generator);
    this.batchSize = options.batchSampler ? null : batchSize;
    this.batchSampler =
      options.batchSampler ??
      (batchSize === null
        ? null
        : new BatchSampler(this.sampler as Iterable<number>, { batchSize, dropLast }));
  }

  /** The number of batches of one epoch. */
  get length(): number {
    if (!(this.dataset instanceof IterableDataset)) return lengthOf(this.batchSampler ?? this.sampler);
    const batches = this.dataset.length / (this.batchSize ?? 1);
    return this.dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  get #collate(): (data: T[] | T) => unknown {
    const own = this.batchSampler ? defaultCollate : defaultConvert;
    return (this.#options.collateFn ?? own) as (data: T[] | T) => unknown;
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Batch> {
    const asked = (this.batchSampler ?? this.sampler)[Symbol.iterator]() as Iterator<Asked>;
    return this.numWorkers === 0 ? this.#here(asked) : this.#byWorkers(asked);
  }

  #here(asked: Iterator<Asked>): AsyncIterableIterator<Batch> {
    drawSeed(this.generator);
    if (this.#options.timeout) throw new TorchError('timeout option needs numWorkers > 0');
    const fetch = newFetch({ dataset: this.dataset, collate: this.#collate, dropLast: this.dropLast });
    return this.#batches(async () => {
      const next = asked.next();
      return next.done ? ended : await fetch(next.value);
    });
  }

  #byWorkers(asked: Iterator<Asked>): AsyncIterableIterator<Batch> {
    const { prefetchFactor, timeout = 0, inOrder = true, persistentWorkers = false } = this.#options;
    const kept = this.#workers;
    const workers = kept ?? this.#started(drawSeed(this.generator));
    for (const worker of kept ?? []) worker.restart();
    if (persistentWorkers) this.#workers = workers;
    const pass = new WorkerPass(workers, asked, { prefetchFactor: prefetchFactor ?? 2, timeout, inOrder });
    const stop = async () => {
      if (!persistentWorkers) await Promise.all(workers.map((worker) => worker.stop()));
    };
    const { workerModule, collateFn } = this.#options;
    const raw = workerModule ? collateFn : undefined;
    const batches = this.#batches(async () => {
      const batch = await pass.next();
      return raw && batch !== ended ? await raw(batch as T[]) : batch;
    }, stop);
    const end = batches.return.bind(batches);
    // A generator that was never started would not stop the workers.
    const stopped = async () => {
      await stop();
      return await end(undefined);
    };
    return Object.assign(batches, { return: stopped });
  }

  #started(baseSeed: bigint): LoaderWorker[] {
    const { numWorkers, dataset, dropLast } = this;
    const { workerModule, workerData, workerInitFn = null, collateFn } = this.#options;
    return Array.from({ length: numWorkers }, (_, id) => {
      if (!workerModule) {
        const info = workerInfo(id, numWorkers, baseSeed, dataset);
        return new ConcurrentWorker(info, { dataset, collate: this.#collate, dropLast }, workerInitFn);
      }
      return new ThreadWorker({
        module: String(workerModule),
        workerData,
        ...{ id, numWorkers, baseSeed, dropLast },
        isBatched: this.batchSampler !== null,
        isRaw: Boolean(collateFn),
      });
    });
  }

  /** Ends the workers that `persistentWorkers` keeps. */
  async close(): Promise<void> {
    const workers = this.#workers ?? [];
    this.#workers = undefined;
    await Promise.all(workers.map((worker) => worker.stop()));
  }

  async *#batches(next: () => Promise<unknown>, stop?: () => Promise<void>): AsyncGenerator<Batch> {
    const pin = this.#options.pinMemory ?? false;
    try {
      for (let batch = await next(); batch !== ended; batch = await next()) {
        yield (pin ? pinned(batch) : batch) as Batch;
      }
    } finally {
      await stop?.();
    }
  }
}

function defaultSampler(
  dataset: Dataset<unknown> | IterableDataset<unknown>,
  shuffle: boolean,
  generator: Generator | null,
): Iterable<number | null> {
  if (dataset instanceof IterableDataset) return always;
  return shuffle ? new RandomSampler(dataset, { generator }) : new SequentialSampler(dataset);
}
