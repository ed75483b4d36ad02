import * as torch from 'libtorch-node';

export interface SampleParams {
  count: number;
  batchSize: number;
  /** Draws from a generator of its own instead of the default one. */
  ownGenerator: boolean;
  shuffle: boolean;
  dropLast: boolean;
  /** How many samples an epoch draws, with replacement. */
  replaced?: number;
}

/** The samples of three epochs, with an evaluation pass of another loader after each; numbers drawn in between. */
export async function sample({ count, batchSize, ownGenerator, shuffle, dropLast, replaced }: SampleParams) {
  const { DataLoader, TensorDataset, RandomSampler } = torch.data;
  const dataset = new TensorDataset(torch.arange(count), torch.rand([count]));
  const generator = ownGenerator ? new torch.Generator().manualSeed(123) : null;
  const sampler = replaced
    ? new RandomSampler(dataset, { replacement: true, numSamples: replaced, generator })
    : null;
  const loader = new DataLoader(dataset, { batchSize, shuffle, dropLast, generator, sampler });
  const evaluation = new DataLoader(dataset, { batchSize: 7 });
  const epochs = [];
  for (let epoch = 0; epoch < 3; epoch += 1) {
    const batches = [];
    for await (const batch of loader) batches.push(batch);
    const evaluated = [];
    for await (const [indices] of evaluation) evaluated.push(indices);
    epochs.push({ batches, evaluated, drawn: torch.rand([2]) });
  }
  return { length: loader.length, epochs, own: generator?.getState() };
}
