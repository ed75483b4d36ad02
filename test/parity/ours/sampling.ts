import * as torch from 'libtorch-node';

const { data } = torch;

class Squares extends data.Dataset<number> {
  constructor(readonly length: number) {
    super();
  }

  get(index: number): number {
    return index * index;
  }
}

/** The orders of every sampler, and the contents of every composed dataset. */
export async function sampling() {
  const squares = new Squares(10);
  const generator = () => new torch.Generator().manualSeed(7);
  const all = async <T>(dataset: torch.data.Dataset<T>) => {
    const items: T[] = [];
    for (let index = 0; index < dataset.length; index += 1) items.push(await dataset.get(index));
    return items;
  };
  const distributed = (options: Partial<torch.data.DistributedSamplerOptions>) =>
    [0, 1, 2].map((rank) => {
      const sampler = new data.DistributedSampler(squares, { numReplicas: 3, rank, ...options });
      const first = [...sampler];
      sampler.setEpoch(1);
      return [first, [...sampler], sampler.length];
    });
  const split = data.randomSplit(squares, [3, 7]);
  const shares = data.randomSplit(squares, [0.33, 0.33, 0.34], { generator: generator() });
  const stacked = new data.StackDataset(
    [squares, split[1] as torch.data.Subset<number>].map((each) => new data.Subset(each, [0, 3, 2])),
  );
  const named = new data.StackDataset({
    a: squares,
    b: new data.ConcatDataset([new Squares(4), new Squares(6)]),
  });
  return {
    subset: [...new data.SubsetRandomSampler([5, 3, 8, 1])],
    subsetSeeded: [...new data.SubsetRandomSampler([5, 3, 8, 1], { generator: generator() })],
    weighted: [...new data.WeightedRandomSampler([0.1, 0.9, 0.4, 0.7, 3, 0.6], 12)],
    unrepeated: [
      ...new data.WeightedRandomSampler([0.9, 0.4, 0.05, 0.2, 0.3, 0.1], 5, { replacement: false }),
    ],
    random: [
      ...new data.RandomSampler(squares, { replacement: true, numSamples: 40, generator: generator() }),
    ],
    batches: [...new data.BatchSampler(new data.SubsetRandomSampler([0, 1, 2, 3, 4]), { batchSize: 2 })],
    distributed: distributed({ seed: 3 }),
    distributedDropped: distributed({ shuffle: false, dropLast: true }),
    distributedFew: [0, 1].map((rank) => [
      ...new data.DistributedSampler(new Squares(1), { numReplicas: 4, rank: rank * 3 }),
    ]),
    split: await Promise.all(split.map(all)),
    shares: shares.map((subset) => [...subset.indices]),
    concat: await all(new data.ConcatDataset([new Squares(3), new Squares(2)])),
    stacked: await all(stacked),
    named: await named.getItems([9, 0]),
  };
}
