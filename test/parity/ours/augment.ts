import * as torch from 'libtorch-node';
import makeDataset from '../augmented-dataset.mjs';

export interface AugmentParams {
  length: number;
  size: number;
  batchSize: number;
  numWorkers: number;
  /** Workers are threads with a module of their own. */
  threads?: boolean;
  epochs: number;
}

/** Every batch of some shuffled and augmented epochs. */
export async function augment({ length, size, batchSize, numWorkers, threads, epochs }: AugmentParams) {
  const workerData = { length, size };
  const module = { workerModule: new URL('../augmented-dataset.mjs', import.meta.url), workerData };
  const dataset = makeDataset(workerData) as torch.data.Dataset<unknown>;
  const options = { batchSize, shuffle: true, numWorkers, ...(threads ? module : {}) };
  const loader = new torch.data.DataLoader(dataset, options);
  const seen: unknown[] = [];
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    for await (const batch of loader) seen.push(batch);
  }
  return { seen };
}
