// Datasets made of others.

import { TorchError, ValueError } from '../errors.js';
import { Tuple } from '../tuple.js';
import { Dataset, IterableDataset } from './dataset.js';
import { fetchBatch, readSample } from './fetch.js';

type Sample<D> = D extends Dataset<infer T> ? T : never;
type Datasets = readonly Dataset<unknown>[] | Record<string, Dataset<unknown>>;

/** One sample of each dataset: a tuple, or an object with their names. */
export type StackedSample<D extends Datasets> = { -readonly [K in keyof D]: Sample<D[K]> };

/** Datasets side by side: sample i is sample i of each (torch.utils.data.StackDataset). */
export class StackDataset<D extends Datasets> extends Dataset<StackedSample<D>> {
  readonly datasets: D;
  readonly length: number;

  /** From an array or an object of datasets. Throws ValueError for none, or other lengths. */
  constructor(datasets: D) {
    super();
    const list = Object.values(datasets) as Dataset<unknown>[];
    const [first] = list;
    if (!first) throw new ValueError('At least one dataset should be passed');
    if (list.some(({ length }) => length !== first.length)) {
      throw new ValueError('Size mismatch between datasets');
    }
    this.datasets = datasets;
    this.length = first.length;
  }

  #stacked(values: unknown[]): StackedSample<D> {
    if (Array.isArray(this.datasets)) return Tuple.from(values) as unknown as StackedSample<D>;
    return Object.fromEntries(
      Object.keys(this.datasets).map((key, i) => [key, values[i]]),
    ) as StackedSample<D>;
  }

  async get(index: number): Promise<StackedSample<D>> {
    const values: unknown[] = [];
    for (const dataset of Object.values(this.datasets)) values.push(await readSample(dataset, index));
    return this.#stacked(values);
  }

  /** A whole batch of each dataset in turn, which is the order of Python's random draws. */
  override async getItems(indices: readonly number[]): Promise<StackedSample<D>[]> {
    const columns: unknown[][] = [];
    for (const dataset of Object.values(this.datasets) as Dataset<unknown>[]) {
      const items = await fetchBatch(dataset, indices);
      if (items.length !== indices.length) {
        throw new ValueError(
          `Nested dataset's output size mismatch. Expected ${indices.length}, got ${items.length}`,
        );
      }
      columns.push(items);
    }
    return indices.map((_, i) => this.#stacked(columns.map((column) => column[i])));
  }
}

/** Datasets one after the other (torch.utils.data.ConcatDataset). */
export class ConcatDataset<T> extends Dataset<T> {
  readonly datasets: readonly Dataset<T>[];

  constructor(datasets: Iterable<Dataset<T>>) {
    super();
    this.datasets = [...datasets];
    if (this.datasets.length === 0) throw new TorchError('datasets should not be an empty iterable');
    if (this.datasets.some((dataset) => (dataset as object) instanceof IterableDataset)) {
      throw new TorchError('ConcatDataset does not support IterableDataset');
    }
  }

  /** The lengths added up. */
  get cumulativeSizes(): number[] {
    let total = 0;
    return this.datasets.map(({ length }) => {
      total += length;
      return total;
    });
  }

  get length(): number {
    return this.cumulativeSizes.at(-1) as number;
  }

  /** Throws ValueError for an index beyond the beginning. */
  get(index: number): T | Promise<T> {
    const [which, place] = placeIn(this.cumulativeSizes, index);
    return readSample(this.datasets[which] as Dataset<T>, place);
  }

  /** What follows each other in one dataset is read from it at once, so that random draws keep their order. */
  override async getItems(indices: readonly number[]): Promise<T[]> {
    const ends = this.cumulativeSizes;
    const samples: T[] = [];
    const places = indices.map((index) => placeIn(ends, index));
    for (let start = 0; start < places.length; ) {
      const [which] = places[start] as [number, number];
      const next = places.findIndex(([other], i) => i > start && other !== which);
      const run = places.slice(start, next < 0 ? undefined : next).map(([, place]) => place);
      samples.push(...(await fetchBatch(this.datasets[which] as Dataset<T>, run)));
      start += run.length;
    }
    return samples;
  }
}

/** Which dataset an index means, and which sample of it; negative ones count from the end of all. */
function placeIn(ends: readonly number[], index: number): [which: number, place: number] {
  const length = ends.at(-1) as number;
  if (-index > length) throw new ValueError('absolute value of index should not exceed dataset length');
  const place = index < 0 ? length + index : index;
  const found = ends.findIndex((end) => place < end);
  const which = found < 0 ? ends.length - 1 : found;
  return [which, place - (which === 0 ? 0 : (ends[which - 1] as number))];
}

/** Iterable datasets one after the other (torch.utils.data.ChainDataset). */
export class ChainDataset<T> extends IterableDataset<T> {
  constructor(readonly datasets: Iterable<IterableDataset<T>>) {
    super();
  }

  async *[Symbol.iterator](): AsyncGenerator<T> {
    for (const dataset of this.datasets) {
      requireIterable(dataset);
      const samples = dataset[Symbol.iterator]();
      for (let next = await samples.next(); !next.done; next = await samples.next()) yield next.value;
    }
  }

  override get length(): number {
    let total = 0;
    for (const dataset of this.datasets) {
      requireIterable(dataset);
      total += dataset.length;
    }
    return total;
  }
}

function requireIterable(dataset: unknown): void {
  if (!(dataset instanceof IterableDataset))
    throw new TorchError('ChainDataset only supports IterableDataset');
}
