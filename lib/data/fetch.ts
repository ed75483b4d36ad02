import { TorchError } from '../errors.js';
import type { Dataset } from './dataset.js';

/**
 * The samples of a batch, in order. Where the dataset has no `getItems` they are read one after the other, so that
 * random numbers drawn while reading come in Python's order.
 */
export async function fetchBatch<T>(dataset: Dataset<T>, indices: readonly number[]): Promise<T[]> {
  if (dataset.getItems) return await dataset.getItems(indices);
  const samples: T[] = [];
  for (const index of indices) {
    const sample = fetchSample(dataset, index);
    samples.push(sample instanceof Promise ? await sample : sample);
  }
  return samples;
}

/** One sample; what goes wrong is reported with its index, the original error as `cause`. */
export function fetchSample<T>(dataset: Dataset<T>, index: number): T | Promise<T> {
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
