import { createHash } from 'node:crypto';
import * as torch from 'libtorch-node';
import { describe, expect, it } from 'vitest';

const { DataLoader, Dataset, RandomSampler, TensorDataset } = torch.data;

class Range extends Dataset<number> {
  constructor(readonly length: number) {
    super();
  }

  get(index: number): number {
    return index;
  }
}

async function batches<T>(loader: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const batch of loader) all.push(batch);
  return all;
}

async function order(loader: AsyncIterable<torch.Tensor>): Promise<unknown[]> {
  return (await batches(loader)).flatMap((batch) => batch.tolist() as unknown[]);
}

function sha256(state: torch.Tensor): string {
  return createHash('sha256').update(state.typedArray()).digest('hex');
}

// What torch 2.13.0 gives for the same program.
describe('the order of samples and the generators afterwards are those of Python', () => {
  it('from the default generator, with an evaluation loader between the epochs', async () => {
    torch.manualSeed(0);
    const dataset = new Range(10);
    const train = new DataLoader(dataset, { batchSize: 4, shuffle: true });
    const evaluate = new DataLoader(dataset, { batchSize: 5 });
    const epochs: unknown[] = [];
    for (let epoch = 0; epoch < 3; epoch += 1) {
      epochs.push(await order(train));
      expect(await order(evaluate)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
    expect(epochs).toEqual([
      [6, 7, 1, 4, 2, 0, 9, 8, 3, 5],
      [2, 4, 9, 8, 7, 5, 6, 1, 0, 3],
      [1, 6, 0, 4, 2, 9, 3, 5, 8, 7],
    ]);
    expect(sha256(torch.getRngState())).toBe(
      'b569633585740051ce1d170fbb2ef7c8394deb28a75c0e1be53322dc7c4ee35d',
    );
  });

  it('from a generator of its own', async () => {
    torch.manualSeed(0);
    const generator = new torch.Generator().manualSeed(5);
    const dataset = new Range(10);
    const train = new DataLoader(dataset, { batchSize: 4, shuffle: true, generator });
    const evaluate = new DataLoader(dataset, { batchSize: 5 });
    const epochs: unknown[] = [];
    for (let epoch = 0; epoch < 3; epoch += 1) {
      epochs.push(await order(train));
      await order(evaluate);
    }
    expect(epochs).toEqual([
      [7, 4, 8, 1, 2, 3, 6, 5, 9, 0],
      [2, 1, 6, 3, 5, 9, 4, 7, 8, 0],
      [4, 3, 2, 7, 9, 1, 6, 8, 5, 0],
    ]);
    expect(sha256(torch.getRngState())).toBe(
      '56bb0f54870f445542705ddd5bbf4d748a1f27c6ab0ad34dc838e455cecc950e',
    );
    expect(sha256(generator.getState())).toBe(
      'c862bea0ea215c34d5467312b8335d2d2f0c2c10d06d58aaf95b12e82ff57092',
    );
  });
});

it('draws the base seed when the iterator is made, not before and not later', async () => {
  torch.manualSeed(0);
  const loader = new DataLoader(new Range(3));
  const before = torch.getRngState();
  const iterator = loader[Symbol.asyncIterator]();
  const seeded = torch.getRngState();
  expect(torch.equal(seeded, before)).toBe(false);
  await iterator.next();
  expect(torch.equal(torch.getRngState(), seeded)).toBe(true);
});

it('reads a batch only when it is asked for, so that random numbers in get() come in order', async () => {
  const reads: number[] = [];
  const dataset = { length: 6, get: (index: number) => reads.push(index) };
  const iterator = new DataLoader(dataset, { batchSize: 2 })[Symbol.asyncIterator]();
  await iterator.next();
  expect(reads).toEqual([0, 1]);
  await iterator.next();
  expect(reads).toEqual([0, 1, 2, 3]);
});

it('collates pairs and leaves out the last batch on request', async () => {
  const dataset = new TensorDataset(torch.arange(10).view([5, 2]), torch.arange(5));
  const loader = new DataLoader(dataset, { batchSize: 2, dropLast: true });
  expect(loader.length).toBe(2);
  const shapes = (await batches(loader)).map(([x, y]) => [x.shape, y.tolist()]);
  expect(shapes).toEqual([
    [
      [2, 2],
      [0, 1],
    ],
    [
      [2, 2],
      [2, 3],
    ],
  ]);
  expect(new DataLoader(dataset, { batchSize: 2 }).length).toBe(3);
});

it('takes samplers, batch samplers and a collate function', async () => {
  const dataset = new Range(9);
  const sampled = new DataLoader(dataset, { batchSize: 2, sampler: [8, 1, 5] });
  expect((await batches(sampled)).map((batch) => batch.tolist())).toEqual([[8, 1], [5]]);
  expect(sampled.length).toBe(2);

  const grouped = new DataLoader(dataset, {
    batchSampler: [[0, 3], [4]],
    collateFn: (samples) => samples.join('+'),
  });
  expect(await batches(grouped)).toEqual(['0+3', '4']);
  expect([grouped.batchSize, grouped.length]).toEqual([null, 2]);

  const random = new DataLoader(dataset, { sampler: new RandomSampler(dataset, { numSamples: 4 }) });
  expect((await batches(random)).length).toBe(4);
});

it('yields bare samples without a batch size', async () => {
  const loader = new DataLoader<number, number>(new Range(3), { batchSize: null });
  expect(await batches(loader)).toEqual([0, 1, 2]);
  expect(loader.length).toBe(3);
});

it('reads several at once where the dataset can', async () => {
  const asked: (readonly number[])[] = [];
  const dataset = {
    length: 3,
    get: (index: number) => index,
    getItems: async (indices: readonly number[]) => {
      asked.push(indices);
      return indices.map((index) => index * 2);
    },
  };
  expect(await order(new DataLoader(dataset, { batchSize: 2 }))).toEqual([0, 2, 4]);
  expect(asked).toEqual([[0, 1], [2]]);
});

it.each([
  [
    'at once',
    () => {
      throw new Error('no such row');
    },
  ],
  ['later', () => Promise.reject(new Error('no such row'))],
])('names the sample that cannot be read (%s)', async (_, get) => {
  const loader = new DataLoader(
    { length: 2, get: (index: number) => (index === 1 ? get() : index) },
    { batchSize: 2 },
  );
  const failed = await batches(loader).catch((error: Error) => error);
  expect(failed).toBeInstanceOf(torch.TorchError);
  expect((failed as Error).message).toBe('cannot read sample 1 of the dataset: no such row');
  expect((failed as Error).cause).toBeInstanceOf(Error);
});

it('refuses options that exclude each other, in the words of PyTorch', () => {
  const dataset = new Range(3);
  const sampler = [0];
  expect(() => new DataLoader(dataset, { sampler, shuffle: true })).toThrow(
    'sampler option is mutually exclusive with shuffle',
  );
  for (const other of [
    { batchSize: 2 },
    { shuffle: true },
    { sampler },
    { dropLast: true },
    { batchSize: null },
  ]) {
    expect(() => new DataLoader(dataset, { batchSampler: [[0]], ...other })).toThrow(
      'batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and drop_last',
    );
  }
  expect(() => new DataLoader(dataset, { batchSize: null, dropLast: true })).toThrow(
    'batch_size=None option disables auto-batching and is mutually exclusive with drop_last',
  );
  expect(() => new DataLoader(dataset, { batchSize: 0 })).toThrow(
    'batch_size should be a positive integer value',
  );
  expect(() => new DataLoader(new Range(0), { shuffle: true })).toThrow('num_samples should be a positive');
  expect(() => new DataLoader(dataset, { workers: 2 } as never)).toThrow("unexpected option 'workers'");
  expect(() => new DataLoader(dataset, { numWorkers: -1 })).toThrow(
    'num_workers option should be non-negative; use num_workers=0 to disable multiprocessing.',
  );
  expect(() => new DataLoader(dataset, { prefetchFactor: 2 })).toThrow(
    'prefetch_factor option could only be',
  );
  expect(() => new DataLoader(dataset, { persistentWorkers: true })).toThrow(
    'persistent_workers option needs num_workers > 0',
  );
  expect(() => new DataLoader(dataset, { timeout: -1 })).toThrow('timeout option should be non-negative');
});
