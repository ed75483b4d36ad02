import * as torch from 'libtorch-node';
import { nn, slice, type Tensor } from 'libtorch-node';

const F = nn.functional;
const [nodes, features, classes] = [20, 6, 3];

class GraphConvolution extends nn.Module {
  readonly weight: nn.Parameter;
  readonly bias: nn.Parameter | null;

  constructor(
    readonly inFeatures: number,
    readonly outFeatures: number,
    { bias = true } = {},
  ) {
    super();
    this.weight = new nn.Parameter(torch.empty(inFeatures, outFeatures));
    this.bias = bias ? new nn.Parameter(torch.empty(outFeatures)) : null;
    this.resetParameters();
  }

  resetParameters() {
    const stdv = 1 / Math.sqrt(this.weight.size(1));
    torch.noGrad(() => {
      this.weight.uniform_(-stdv, stdv);
      this.bias?.uniform_(-stdv, stdv);
    });
  }

  override forward(input: Tensor, adj: Tensor) {
    const support = torch.mm(input, this.weight);
    const output = torch.spmm(adj, support);
    return this.bias ? output.add(this.bias) : output;
  }

  override extraRepr() {
    return `${this.inFeatures} -> ${this.outFeatures}`;
  }
}

class MessagePassing extends nn.Module {
  readonly message: nn.Linear;
  readonly update: nn.GRUCell;

  constructor(channels: number) {
    super();
    this.message = new nn.Linear(2 * channels, channels);
    this.update = new nn.GRUCell(channels, channels);
  }

  override forward(x: Tensor, edgeIndex: Tensor) {
    const [source, target] = [edgeIndex.index(0), edgeIndex.index(1)];
    const pairs = torch.cat([x.index(source), x.index(target)], { dim: -1 });
    const messages = torch.relu(this.message.forward(pairs));
    const total = torch.zerosLike(x).indexAdd_(0, target, messages);
    const index = target.unsqueeze(-1).expand(-1, x.size(1));
    const largest = torch
      .zerosLike(x)
      .scatterReduce(0, index, messages, { reduce: 'amax', includeSelf: false });
    return this.update.forward(total.add(largest), x);
  }
}

class GCN extends nn.Module {
  readonly gc1: GraphConvolution;
  readonly mp: MessagePassing;
  readonly gc2: GraphConvolution;

  constructor(
    nhid = 8,
    readonly dropout = 0.3,
  ) {
    super();
    this.gc1 = new GraphConvolution(features, nhid);
    this.mp = new MessagePassing(nhid);
    this.gc2 = new GraphConvolution(nhid, classes, { bias: false });
  }

  override forward(input: Tensor, adj: Tensor, edgeIndex: Tensor) {
    let x = F.relu(this.gc1.forward(input, adj));
    x = F.dropout(x, { p: this.dropout, training: this.training });
    x = this.mp.forward(x, edgeIndex);
    return F.logSoftmax(this.gc2.forward(x, adj), { dim: 1 });
  }
}

function normalized(edgeIndex: Tensor) {
  const selfLoops = torch.arange(nodes).repeat(2, 1);
  const indices = torch.cat([edgeIndex, selfLoops], { dim: 1 });
  const degree = torch.zeros(nodes).scatterAdd_(0, indices.index(0), torch.ones(indices.size(1)));
  const values = degree.pow(-0.5).index(indices).prod({ dim: 0 });
  return torch.sparseCooTensor(indices, values, [nodes, nodes]).coalesce();
}

function accuracy(output: Tensor, labels: Tensor) {
  const preds = output.max(1)[1].typeAs(labels);
  const correct = preds.eq(labels).double().sum();
  return correct.div(labels.size(0)).item();
}

export function graph() {
  let edgeIndex = torch.randint(nodes, [2, 40]);
  edgeIndex = torch.unique(edgeIndex, { dim: 1 });
  const [x, labels] = [torch.randn(nodes, features), torch.randint(classes, [nodes])];
  const adj = normalized(edgeIndex);
  const idxTrain = torch.arange(10);
  const mask = torch.zeros(nodes, { dtype: torch.bool });
  mask.indexPut_([slice(10, null)], true);

  const model = new GCN();
  const optimizer = new torch.optim.Adam(model.parameters(), { lr: 0.01, weightDecay: 5e-4 });
  const log = [];
  let output = torch.empty(0);
  for (let epoch = 0; epoch < 4; epoch += 1) {
    model.train();
    optimizer.zeroGrad();
    output = model.forward(x, adj, edgeIndex);
    const lossTrain = F.nllLoss(output.index(idxTrain), labels.index(idxTrain));
    lossTrain.backward();
    optimizer.step();
    model.eval();
    output = torch.noGrad(() => model.forward(x, adj, edgeIndex));
    const lossVal = F.nllLoss(output.index(mask), labels.index(mask));
    log.push([lossTrain.item(), lossVal.item()]);
  }
  return {
    log,
    accuracy: [torch.float(accuracy(output.index(mask), labels.index(mask)))],
    adjacency: adj.toDense(),
    printed: String(model),
    model: model.stateDict(),
    optimizer: optimizer.stateDict(),
  };
}
