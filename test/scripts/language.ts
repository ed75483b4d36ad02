import * as torch from 'libtorch-node';
import { math, nn, slice, type Tensor } from 'libtorch-node';

const F = nn.functional;
const [ntoken, bptt, clip] = [20, 7, 0.25];

interface RNNModelOptions {
  dropout?: number;
  tieWeights?: boolean;
}

class RNNModel extends nn.Module {
  readonly drop: nn.Dropout;
  readonly encoder: nn.Embedding;
  readonly rnn: nn.LSTM;
  readonly decoder: nn.Linear;

  constructor(
    readonly ntoken: number,
    ninp: number,
    readonly nhid: number,
    readonly nlayers: number,
    { dropout = 0.5, tieWeights = false }: RNNModelOptions = {},
  ) {
    super();
    this.drop = new nn.Dropout(dropout);
    this.encoder = new nn.Embedding(ntoken, ninp);
    this.rnn = new nn.LSTM(ninp, nhid, { numLayers: nlayers, dropout });
    this.decoder = new nn.Linear(nhid, ntoken);
    if (tieWeights) this.decoder.weight = this.encoder.weight;
    this.initWeights();
  }

  initWeights() {
    const initrange = 0.1;
    nn.init.uniform_(this.encoder.weight, -initrange, initrange);
    if (this.decoder.bias) nn.init.zeros_(this.decoder.bias);
    nn.init.uniform_(this.decoder.weight, -initrange, initrange);
  }

  override forward(input: Tensor, hidden: nn.LSTMState) {
    const emb = this.drop.forward(this.encoder.forward(input));
    const [output, newHidden] = this.rnn.forward(emb, hidden);
    const decoded = this.decoder.forward(this.drop.forward(output)).view(-1, this.ntoken);
    return [F.logSoftmax(decoded, { dim: 1 }), newHidden] as const;
  }

  initHidden(bsz: number): nn.LSTMState {
    const zeros = () => this.encoder.weight.newZeros(this.nlayers, bsz, this.nhid);
    return [zeros(), zeros()];
  }
}

class PositionalEncoding extends nn.Module {
  readonly dropout: nn.Dropout;
  readonly pe: Tensor;

  constructor(dModel: number, dropout = 0.1, maxLen = 50) {
    super();
    this.dropout = new nn.Dropout(dropout);
    const position = torch.arange(maxLen).unsqueeze(1);
    const divTerm = torch.exp(torch.arange(0, dModel, 2).mul(-math.log(10000) / dModel));
    const pe = torch.zeros(maxLen, 1, dModel);
    pe.indexPut_([slice(), 0, slice(0, null, 2)], torch.sin(position.mul(divTerm)));
    pe.indexPut_([slice(), 0, slice(1, null, 2)], torch.cos(position.mul(divTerm)));
    this.pe = this.registerBuffer('pe', pe);
  }

  override forward(x: Tensor) {
    return this.dropout.forward(x.add(this.pe.index(slice(0, x.size(0)))));
  }
}

class TransformerModel extends nn.Module {
  readonly posEncoder: PositionalEncoding;
  readonly transformerEncoder: nn.TransformerEncoder;
  readonly embedding: nn.Embedding;
  readonly linear: nn.Linear;

  constructor(
    ntoken: number,
    readonly dModel: number,
    nhead: number,
    dHid: number,
    nlayers: number,
    dropout = 0.2,
  ) {
    super();
    this.posEncoder = new PositionalEncoding(dModel, dropout);
    const options = { dimFeedforward: dHid, dropout, normFirst: true };
    const encoderLayers = new nn.TransformerEncoderLayer(dModel, nhead, options);
    this.transformerEncoder = new nn.TransformerEncoder(encoderLayers, nlayers, {
      enableNestedTensor: false,
    });
    this.embedding = new nn.Embedding(ntoken, dModel, { paddingIdx: 0 });
    this.linear = new nn.Linear(dModel, ntoken);
  }

  override forward(src: Tensor, mask: Tensor, srcKeyPaddingMask: Tensor) {
    let x = this.embedding.forward(src).mul(math.sqrt(this.dModel));
    x = this.posEncoder.forward(x);
    const output = this.transformerEncoder.forward(x, { mask, srcKeyPaddingMask });
    return this.linear.forward(output);
  }
}

function batchify(data: Tensor, bsz: number) {
  const nbatch = Math.floor(data.size(0) / bsz);
  return data
    .narrow(0, 0, nbatch * bsz)
    .view(bsz, -1)
    .t()
    .contiguous();
}

function getBatch(source: Tensor, i: number) {
  const seqLen = Math.min(bptt, source.size(0) - 1 - i);
  const data = source.index(slice(i, i + seqLen));
  const target = source.index(slice(i + 1, i + 1 + seqLen)).view(-1);
  return [data, target] as const;
}

const repackageHidden = ([hidden, cell]: nn.LSTMState): nn.LSTMState => [hidden.detach(), cell.detach()];

function trainLstm(source: Tensor) {
  const model = new RNNModel(ntoken, 12, 12, 2, { dropout: 0.2, tieWeights: true });
  const lr = 20;
  const losses = [];
  let hidden = model.initHidden(source.size(1));
  for (let i = 0; i < source.size(0) - 1; i += bptt) {
    const [data, targets] = getBatch(source, i);
    model.zeroGrad();
    hidden = repackageHidden(hidden);
    let output: Tensor;
    [output, hidden] = model.forward(data, hidden);
    const loss = F.nllLoss(output, targets);
    loss.backward();
    nn.utils.clipGradNorm_(model.parameters(), clip);
    torch.noGrad(() => {
      for (const p of model.parameters()) if (p.grad) p.add_(p.grad, { alpha: -lr });
    });
    losses.push(math.exp(loss.item()));
  }
  return [model, losses] as const;
}

function trainTransformer(source: Tensor) {
  const model = new TransformerModel(ntoken, 12, 2, 16, 2);
  const criterion = new nn.CrossEntropyLoss({ ignoreIndex: 0 });
  const optimizer = new torch.optim.AdamW(model.parameters(), { lr: 5e-3 });
  const scheduler = new torch.optim.lrScheduler.ExponentialLR(optimizer, 0.95);
  const losses = [];
  for (let i = 0; i < source.size(0) - 1; i += bptt) {
    const [data, targets] = getBatch(source, i);
    const srcMask = nn.Transformer.generateSquareSubsequentMask(data.size(0));
    const padding = torch.zeros(data.size(1), data.size(0)).maskedFill(data.eq(0).t(), -Infinity);
    const output = model.forward(data, srcMask, padding);
    const loss = criterion.forward(output.view(-1, ntoken), targets);
    optimizer.zeroGrad({ setToNone: false });
    loss.backward();
    const norm = nn.utils.clipGradNorm_(model.parameters(), 0.5);
    optimizer.step();
    scheduler.step();
    losses.push([loss.item(), norm.item(), scheduler.getLastLr()[0]]);
  }
  return [model, optimizer, losses] as const;
}

function generate(model: RNNModel) {
  model.eval();
  let hidden = model.initHidden(1);
  const input = torch.randint(ntoken, [1, 1], { dtype: torch.int64 });
  const words: number[] = [];
  torch.noGrad(() => {
    for (let i = 0; i < 8; i += 1) {
      let output: Tensor;
      [output, hidden] = model.forward(input, hidden);
      const wordWeights = output.squeeze().div(0.8).exp().cpu();
      const wordIdx = torch.multinomial(wordWeights, 1).index(0);
      input.fill_(wordIdx);
      words.push(wordIdx.item());
    }
  });
  return words;
}

export function language() {
  const source = batchify(torch.randint(1, ntoken, [120]), 4);
  const [lstm, perplexities] = trainLstm(source);
  const [transformer, optimizer, losses] = trainTransformer(source);
  return {
    perplexities,
    words: generate(lstm),
    lstm: lstm.stateDict(),
    losses,
    transformer: transformer.stateDict(),
    optimizer: optimizer.stateDict(),
  };
}
