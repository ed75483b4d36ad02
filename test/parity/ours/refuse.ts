import * as torch from 'libtorch-node';

/** Error classes that PyTorch does not tell apart. */
const ours = ['TorchError', 'ShapeError', 'DtypeError', 'DeviceError'];
const inPython: Record<string, string> = Object.fromEntries(ours.map((name) => [name, 'RuntimeError']));

/** What a call returns, or the name and text of its error. */
export function refusal(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    const { name, message } = error as Error;
    return `${inPython[name] ?? name}: ${message}`;
  }
}

const { nn, optim, data } = torch;
const parameters = () => [new nn.Parameter(torch.zeros([2]))];
const pairs = () => new nn.Linear(2, 3).stateDict();

const computed = () => torch.ones([2]).requiresGrad_().mul(2);

function setGrad(gradient: torch.Tensor) {
  torch.ones([2, 2]).grad = gradient;
}

function setRequiresGrad(tensor: torch.Tensor, flag: boolean) {
  tensor.requiresGrad = flag;
}

const calls: Record<string, () => unknown> = {
  matmul: () => torch.zeros([2, 3]).matmul(torch.zeros([2, 3])),
  add: () => torch.zeros([2]).add(torch.zeros([3])),
  view: () => torch.zeros([2, 3]).view([4]),
  dimension: () => torch.zeros([2, 3]).sum({ dim: 2 }),
  stack: () => torch.stack([torch.zeros([2]), torch.zeros([3])]),
  item: () => torch.zeros([2, 3]).item(),
  ragged: () => torch.tensor([[1, 2], [3]]),
  channels: () => new nn.Conv2d(3, 32, 3).forward(torch.zeros([1, 1, 64, 64])),
  bytes: () => new nn.Conv2d(3, 32, 3).forward(torch.zeros([1, 3, 64, 64], { dtype: torch.uint8 })),
  tooSmall: () => new nn.Conv2d(3, 32, 3).forward(torch.zeros([1, 3, 1, 1])),
  groups: () => new nn.Conv2d(3, 32, 3, { groups: 2 }),
  strided: () => new nn.Conv2d(3, 32, 3, { padding: 'same', stride: 2 }),
  batchNorm3d: () => new nn.BatchNorm2d(3).forward(torch.zeros([3, 4, 4])),
  batchNormOne: () => new nn.BatchNorm2d(3).forward(torch.zeros([1, 3, 1, 1])),
  oneImage: () => new torch.models.Xception({ numClasses: 2 }).forward(torch.zeros([1, 3, 32, 32])),
  dropout: () => new nn.Dropout(1.5),
  noForward: () => new nn.Module().forward(),
  gain: () => nn.init.calculateGain('swish' as 'relu'),
  fan: () => nn.init.kaimingNormal_(torch.zeros([3])),
  fanMode: () => nn.init.kaimingNormal_(torch.zeros([3, 3]), { mode: 'fan' as 'fan_in' }),
  target: () => nn.functional.crossEntropy(torch.zeros([1, 3]), torch.tensor([5n])),
  twice: () => {
    const loss = torch.ones([2]).requiresGrad_().square().sum();
    loss.backward();
    loss.backward();
  },
  notScalar: () => torch.ones([2]).requiresGrad_().mul(2).backward(),
  noGraph: () => torch.ones([]).backward(),
  gradientSize: () =>
    torch
      .ones([2])
      .requiresGrad_()
      .sum()
      .backward(torch.ones([3])),
  unused: () => torch.autograd.grad(torch.ones([2]).requiresGrad_().sum(), torch.ones([2]).requiresGrad_()),
  integers: () => torch.tensor([1n], { requiresGrad: true }),
  integerParameter: () => new nn.Parameter(torch.tensor([1n])),
  leaf: () => torch.ones([2]).requiresGrad_().add_(1),
  gradOfOtherSize: () => setGrad(torch.ones([3])),
  gradOfOtherDtype: () => setGrad(torch.ones([2, 2], { dtype: torch.float64 })),
  gradOnOtherDevice: () => setGrad(torch.ones([2, 2], { device: 'meta' })),
  gradIsItself: () => {
    const leaf = torch.ones([2]);
    leaf.grad = leaf;
  },
  integersRequire: () => torch.tensor([1n]).requiresGrad_(),
  integersSet: () => setRequiresGrad(torch.tensor([1n]), true),
  computedOn: () => setRequiresGrad(computed(), true),
  computedOff: () => setRequiresGrad(computed(), false),
  computedRequire: () => computed().requiresGrad_(false),
  inferenceRequires: () => torch.inferenceMode(() => torch.ones([2])).requiresGrad_(),
  keys: () => new nn.Linear(2, 3).loadStateDict(new Map([['weights', torch.zeros([3, 2])]])),
  shapes: () => new nn.Linear(4, 3).loadStateDict(pairs()),
  learningRate: () => new optim.SGD(parameters(), { lr: -0.5 }),
  nesterov: () => new optim.SGD(parameters(), { nesterov: true }),
  betas: () => new optim.Adam(parameters(), { betas: [0.9, 1] }),
  noParameters: () => new optim.Adam([]),
  notLeaf: () => new optim.Adam([torch.ones([2]).requiresGrad_().mul(2)]),
  groupsTwice: () => {
    const [parameter] = parameters() as [torch.Tensor];
    return new optim.SGD([{ params: [parameter] }, { params: [parameter] }]);
  },
  otherGroups: () =>
    new optim.SGD([{ params: parameters() }, { params: parameters() }]).loadStateDict(
      new optim.SGD(parameters()).stateDict(),
    ),
  batchSize: () => new data.DataLoader(new data.TensorDataset(torch.zeros([3])), { batchSize: 0 }),
  shuffled: () =>
    new data.DataLoader(new data.TensorDataset(torch.zeros([3])), { shuffle: true, sampler: [0] }),
  nothing: () => new data.DataLoader(new data.TensorDataset(torch.zeros([0])), { shuffle: true }),
};

/** Wrong calls and what is said about them. */
export function refuse() {
  return Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, refusal(call)]));
}
