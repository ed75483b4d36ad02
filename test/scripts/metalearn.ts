import * as torch from 'libtorch-node';
import { nn, slice, type Tensor } from 'libtorch-node';

const F = nn.functional;
const { functionalCall } = torch.func;
const [innerSteps, tasks, shots] = [2, 3, 8];

class Sine extends nn.Module {
  readonly net = new nn.Sequential(
    new nn.Linear(1, 16),
    new nn.ReLU(),
    new nn.Linear(16, 16),
    new nn.ReLU(),
    new nn.Linear(16, 1),
  );
  readonly logLr = new nn.ParameterDict(
    Object.fromEntries(
      this.net.namedParameters().map(([name]) => [name.replaceAll('.', '_'), torch.tensor(-3.0)]),
    ),
  );

  override forward(x: Tensor) {
    return this.net.forward(x);
  }
}

function sampleTask() {
  const [amplitude, phase] = [torch.empty(1).uniform_(0.1, 5.0), torch.rand(1).mul(torch.pi)];
  const x = torch
    .rand(2 * shots, 1)
    .mul(10)
    .sub(5);
  const y = amplitude.mul(torch.sin(x.sub(phase)));
  const [support, query] = [slice(shots), slice(shots, null)];
  return [x.index(support), y.index(support), x.index(query), y.index(query)] as const;
}

function adapt(model: Sine, x: Tensor, y: Tensor) {
  let params = new Map<string, Tensor>(model.net.namedParameters());
  for (let step = 0; step < innerSteps; step += 1) {
    const loss = F.mseLoss(functionalCall(model.net, params, [x]), y);
    const grads = torch.autograd.grad(loss, [...params.values()], { createGraph: true });
    const stepped = [...params].map(([name, p], i): [string, Tensor] => {
      const lr = model.logLr.get(name.replaceAll('.', '_')) as Tensor;
      return [name, p.sub(lr.exp().mul(grads[i] as Tensor))];
    });
    params = new Map(stepped);
  }
  return params;
}

export function metalearn() {
  const model = new Sine();
  const metaOptimizer = new torch.optim.Adam(model.parameters(), { lr: 1e-2, amsgrad: true });
  const losses: number[] = [];
  for (let step = 0; step < 4; step += 1) {
    metaOptimizer.zeroGrad({ setToNone: true });
    let outer = torch.tensor(0.0);
    for (let task = 0; task < tasks; task += 1) {
      const [xS, yS, xQ, yQ] = sampleTask();
      const fast = adapt(model, xS, yS);
      outer = outer.add(F.mseLoss(functionalCall(model.net, fast, xQ), yQ));
    }
    outer.div(tasks).backward();
    metaOptimizer.step();
    losses.push(outer.item());
  }

  const [xS, yS] = sampleTask();
  const fast = adapt(model, xS, yS);
  const features = model.net.slice(0, 4).forward(xS).detach();
  const ridge = torch.linalg.solve(
    features.T.matmul(features).add(torch.eye(16).mul(0.1)),
    features.T.matmul(yS),
  );
  return {
    losses,
    fast: new Map([...fast].map(([name, p]) => [name, p.detach()])),
    ridge,
    keys: [...model.stateDict().keys()],
    model: model.stateDict(),
    meta_optimizer: metaOptimizer.stateDict(),
  };
}
