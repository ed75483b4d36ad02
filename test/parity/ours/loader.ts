import * as torch from 'libtorch-node';
import makeDataset from '../loader-dataset.mjs';

export interface LoaderParams {
  kind: 'map' | 'iterable';
  length: number;
  options: {
    batchSize?: number | null;
    shuffle?: boolean;
    dropLast?: boolean;
    numWorkers?: number;
    prefetchFactor?: number;
    persistentWorkers?: boolean;
  };
  /** Workers are threads with a module of their own. */
  threads?: boolean;
  /** The loader has a generator of its own. */
  seed?: number;
  epochs: number;
}

/** Every batch of some epochs, an evaluation pass after each. */
export async function loader({ kind, length, options, threads, seed, epochs }: LoaderParams) {
  const dataset = makeDataset({ kind, length }) as torch.data.Dataset<unknown>;
  const generator = seed === undefined ? null : new torch.Generator().manualSeed(seed);
  const module = {
    workerModule: new URL('../loader-dataset.mjs', import.meta.url),
    workerData: { kind, length },
  };
  const train = new torch.data.DataLoader(dataset, { ...options, generator, ...(threads ? module : {}) });
  const evaluation = new torch.data.DataLoader(dataset, { batchSize: 5 });
  const seen: unknown[] = [];
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    for await (const batch of train) seen.push(batch);
    for await (const batch of evaluation) seen.push(batch);
  }
  await train.close();
  return { seen, state: generator?.getState() ?? null };
}
