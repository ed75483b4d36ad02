import * as torch from 'libtorch-node';
import { nn, slice, type Tensor } from 'libtorch-node';
import { DataLoader, Dataset, WeightedRandomSampler } from 'libtorch-node/data';

const F = nn.functional;

interface Sample {
  point: Tensor;
  label: number;
  name: string;
}

class Points extends Dataset<Sample> {
  readonly labels = torch.cat([torch.zeros(12), torch.ones(6), torch.full([3], 2)]).long();
  readonly points = torch.randn(21, 4).add(this.labels.unsqueeze(1));

  get length() {
    return this.labels.size(0);
  }

  get(index: number) {
    const label = this.labels.index(index).item();
    return { point: this.points.index(index), label, name: `point-${index}` };
  }
}

function collate(samples: Sample[]): [Tensor, Tensor] {
  const labels = samples.map((sample) => sample.label);
  return [torch.stack(samples.map((sample) => sample.point)), torch.tensor(labels, { dtype: torch.int64 })];
}

class ContrastiveLoss extends nn.Module {
  constructor(readonly margin = 2.0) {
    super();
  }

  override forward(output1: Tensor, output2: Tensor, same: Tensor) {
    const distance = F.pairwiseDistance(output1, output2);
    const apart = torch.clamp(torch.rsub(distance, this.margin), { min: 0 }).pow(2);
    return torch.mean(same.mul(distance.pow(2)).add(torch.rsub(same, 1).mul(apart)));
  }
}

/** For each sample the farthest of its class and the nearest of another. */
function hardest(embeddings: Tensor, labels: Tensor) {
  return torch.noGrad(() => {
    const distances = torch.cdist(embeddings, embeddings);
    const same = labels.index(slice(), null).eq(labels.index(null, slice()));
    const positive = distances.maskedFill(same.logicalNot(), -1).argmax({ dim: 1 });
    const negative = distances.maskedFill(same, Infinity).argmin({ dim: 1 });
    return [positive, negative] as const;
  });
}

export async function triplets() {
  const dataset = new Points();
  const counts = torch.bincount(dataset.labels);
  const weights = counts.reciprocal().index(dataset.labels);
  const sampler = new WeightedRandomSampler(weights, dataset.length, { replacement: true });
  const loader = new DataLoader(dataset, { batchSize: 7, sampler, collateFn: collate, numWorkers: 0 });

  const net = new nn.Sequential(new nn.Linear(4, 16), new nn.PReLU(), new nn.Linear(16, 3));
  const triplet = new nn.TripletMarginLoss({ margin: 1.0, p: 2 });
  const contrastive = new ContrastiveLoss();
  const cosine = new nn.CosineEmbeddingLoss({ margin: 0.1 });
  const optimizer = new torch.optim.Adamax(net.parameters(), { lr: 0.01 });
  const losses: number[] = [];
  const drawn: Tensor[] = [];
  for (let epoch = 0; epoch < 2; epoch += 1) {
    for await (const [points, labels] of loader) {
      drawn.push(labels);
      const embeddings = F.normalize(net.forward(points), { p: 2, dim: 1 });
      const [positive, negative] = hardest(embeddings, labels);
      let loss = triplet.forward(embeddings, embeddings.index(positive), embeddings.index(negative));
      const other = torch.randperm(labels.size(0));
      const same = labels.eq(labels.index(other)).float();
      loss = loss.add(contrastive.forward(embeddings, embeddings.index(other), same));
      loss = loss.add(cosine.forward(embeddings, embeddings.index(other), same.mul(2).sub(1)));
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      losses.push(loss.item());
    }
  }

  let first: { point: Tensor; label: Tensor; name: string[] } | undefined;
  for await (const batch of new DataLoader(dataset, { batchSize: 3 })) {
    first = batch;
    break;
  }
  return {
    losses,
    drawn: torch.cat(drawn),
    default: first,
    net: net.stateDict(),
    optimizer: optimizer.stateDict(),
  };
}
