import { TorchError } from '../errors.js';
import { type Dataset, IterableDataset } from './dataset.js';

/** What a sampler asks for at once: a batch of indices, or one index. For iterable datasets only the number counts. */
export type Asked = readonly (number | null)[] | number | null;

/** An iterable dataset has no more samples. */
export const ended = Symbol('no more samples');

/**
 * The samples of a batch, in order. Where the dataset has no `getItems` they are read one after the other, so that
 * random numbers drawn while reading come in Python's order.
 */
export async function fetchBatch<T>(dataset: Dataset<T>, indices: readonly number[]): Promise<T[]> {
  if (dataset.getItems) return await dataset.getItems(indices);
  const samples: T[] = [];
  for (const index of indices) {
    const sample = readSample(dataset, index);
    samples.push(sample instanceof Promise ? await sample : sample);
  }
  return samples;
}

/** One sample; what goes wrong is reported with its index, the original error as `cause`. */
export function readSample<T>(dataset: Dataset<T>, index: number): T | Promise<T> {
  try {
    const sample = dataset.get(index);
    return sample instanceof Promise ? sample.catch((error: unknown) => fail(index, error)) : sample;
  } catch (error) {
    return fail(index, error);
  }
}

function fail(index: number, error: unknown): never {
  const reason = error instanceof Error ? error.message : String(error);
  throw new TorchError(`cannot read sample ${index} of the dataset: ${reason}`, { cause: error });
}

export interface FetchOptions<T> {
  dataset: Dataset<T> | IterableDataset<T>;
  /** Makes a batch of samples, or converts the one. */
  collate: (data: T[] | T) => unknown;
  dropLast: boolean;
}

/** One pass over a dataset: answers each request with a batch, or with `ended`. */
export type Fetch = (asked: Asked) => Promise<unknown>;

/** Begins a pass; an iterable dataset is asked for its iterator at once. */
export function newFetch<T>({ dataset, collate, dropLast }: FetchOptions<T>): Fetch {
  if (dataset instanceof IterableDataset) return iterableFetch(dataset, collate, dropLast);
  return async (asked) => {
    const data = Array.isArray(asked)
      ? await fetchBatch(dataset, asked as readonly number[])
      : await readSample(dataset, asked as number);
    return await collate(data);
  };
}

function iterableFetch<T>(
  dataset: IterableDataset<T>,
  collate: (data: T[] | T) => unknown,
  dropLast: boolean,
): Fetch {
  const samples = dataset[Symbol.iterator]();
  let isOver = false;
  return async (asked) => {
    if (isOver) return ended;
    const size = Array.isArray(asked) ? asked.length : 1;
    const data: T[] = [];
    while (data.length < size && !isOver) {
      const next = await samples.next();
      if (next.done) isOver = true;
      else data.push(next.value);
    }
    if (data.length === 0 || (dropLast && data.length < size)) {
      isOver = true;
      return ended;
    }
    return await collate(Array.isArray(asked) ? data : (data[0] as T));
  };
}
