import * as torch from 'libtorch-node';

const { nn } = torch;
const { utils } = nn;

function state(module: torch.nn.Module) {
  const copies = [...module.stateDict()].map(([key, tensor]): [string, torch.Tensor] => [
    key,
    tensor.clone(),
  ]);
  return { text: String(module), state: new Map(copies) };
}

function stepped(module: torch.nn.Module & { forward(x: torch.Tensor): torch.Tensor }, x: torch.Tensor) {
  const output = module.forward(x);
  module.zeroGrad();
  output.pow(2).sum().backward();
  const gradients = new Map(module.namedParameters().map(([key, { grad }]) => [key, grad?.clone()]));
  return { output: output.detach(), gradients, ...state(module) };
}

function parametrizations() {
  const { parametrizations: p, parametrize } = utils;
  const weighted = p.weightNorm(new nn.Linear(4, 3));
  const whole = p.weightNorm(new nn.Conv1d(2, 3, 2), { dim: null });
  const x = torch.randn([5, 4]);
  const images = torch.randn([2, 3, 5, 5]);
  const spectral = p.spectralNorm(new nn.Conv2d(3, 4, 3), { nPowerIterations: 2 });
  const transposed = p.spectralNorm(new nn.ConvTranspose2d(3, 4, 3));
  const recurrent = p.weightNorm(new nn.LSTM(4, 3), { name: 'weight_hh_l0' });
  const told = {
    weighted: stepped(weighted, x),
    whole: stepped(whole, torch.randn([2, 2, 4])),
    first: stepped(spectral, images),
    second: stepped(spectral, images),
    evaluated: spectral.eval().forward(images).detach(),
    transposed: stepped(transposed, images),
    recurrent: recurrent.forward(torch.randn([2, 1, 4]))[0].detach(),
    recurrentState: state(recurrent),
    cached: parametrize.cached(() => {
      const first = weighted.weight;
      return first === weighted.weight;
    }),
  };
  torch.noGrad(() => {
    (weighted as { weight: torch.Tensor }).weight = torch.ones([3, 4]);
  });
  const copy = nn.deepcopy(weighted);
  parametrize.removeParametrizations(weighted, 'weight');
  parametrize.removeParametrizations(spectral, 'weight', { leaveParametrized: false });
  const old = new Map([
    ['bias', torch.zeros([3])],
    ['weight_g', torch.ones([3, 1])],
    ['weight_v', torch.full([3, 4], torch.float(2))],
  ]);
  copy.loadStateDict(old);
  return { ...told, removed: state(weighted), left: state(spectral), loaded: state(copy) };
}

function clipping() {
  const made = () => {
    const layer = new nn.Linear(6, 5);
    layer
      .forward(torch.randn([3, 6]))
      .pow(3)
      .sum()
      .backward();
    return layer;
  };
  const grads = (layer: torch.nn.Linear) => layer.parameters().map(({ grad }) => grad as torch.Tensor);
  const calls = [{}, { normType: 1 }, { normType: Infinity }, { foreach: false }, { normType: 3.5 }];
  const clipped = calls.map((options) => {
    const layer = made();
    const norm = utils.clipGradNorm_(layer.parameters(), 0.7, options);
    return [norm, grads(layer)];
  });
  const valued = [{}, { foreach: false }].map((options) => {
    const layer = made();
    utils.clipGradValue_(layer.parameters(), 0.25, options);
    return grads(layer);
  });
  const vector = utils.parametersToVector(made().parameters()).detach();
  const filled = made();
  utils.vectorToParameters(vector, filled.parameters());
  return { clipped, valued, vector, filled: filled.parameters(), total: utils.getTotalNorm(grads(made())) };
}

function fusing() {
  const norm = (made: torch.nn.BatchNorm1d | torch.nn.BatchNorm2d, shape: number[]) => {
    made.train().forward(torch.randn(shape));
    return made.eval();
  };
  const conv = new nn.Conv2d(3, 4, 3, { bias: false }).eval();
  const transposed = new nn.ConvTranspose2d(3, 4, 3).eval();
  const linear = new nn.Linear(5, 4).eval();
  const parts = [
    utils.fuseConvBnEval(conv, norm(new nn.BatchNorm2d(4), [2, 4, 3, 3])),
    utils.fuseConvBnEval(transposed, norm(new nn.BatchNorm2d(4), [2, 4, 3, 3]), { transpose: true }),
    utils.fuseLinearBnEval(linear, norm(new nn.BatchNorm1d(4), [6, 4])),
  ];
  return {
    fused: parts.map(state),
    flags: parts.map((part) => part.parameters().map((p) => p.requiresGrad)),
  };
}

function sequences() {
  const { rnn } = utils;
  const items = [3, 5, 2].map((length) => torch.randn([length, 4]));
  const packed = rnn.packSequence(items, { enforceSorted: false });
  const padded = rnn.padSequence(items, { batchFirst: true, paddingValue: -1 });
  return {
    packed: [...packed],
    double: [...packed.to(torch.float64)],
    repadded: rnn.padPackedSequence(packed, { paddingValue: 0.5, totalLength: 7 }),
    left: rnn.padSequence(items, { paddingSide: 'left' }),
    unpadded: rnn.unpadSequence(padded, torch.tensor([3n, 5n, 2n]), { batchFirst: true }),
    unpacked: rnn.unpackSequence(packed),
  };
}

/** torch.nn.utils, one function after another. */
export function toolbox() {
  return {
    parametrizations: parametrizations(),
    clipping: clipping(),
    fusing: fusing(),
    sequences: sequences(),
  };
}
