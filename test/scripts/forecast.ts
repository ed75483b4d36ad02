import * as torch from 'libtorch-node';
import { nn, optim, slice, type Tensor } from 'libtorch-node';

class Sequence extends nn.Module {
  readonly lstm1 = new nn.LSTMCell(1, 7);
  readonly lstm2 = new nn.LSTMCell(7, 7);
  readonly linear = new nn.Linear(7, 1);

  override forward(input: Tensor, { future = 0 } = {}) {
    const outputs: Tensor[] = [];
    const zeros = () => torch.zeros(input.size(0), 7, { dtype: torch.float64 });
    let [ht, ct, ht2, ct2, output] = [zeros(), zeros(), zeros(), zeros(), zeros()];
    const step = (inputT: Tensor) => {
      [ht, ct] = this.lstm1.forward(inputT, [ht, ct]);
      [ht2, ct2] = this.lstm2.forward(ht, [ht2, ct2]);
      output = this.linear.forward(ht2);
      outputs.push(output);
    };
    for (const inputT of input.split(1, { dim: 1 })) step(inputT);
    for (let i = 0; i < future; i += 1) step(output);
    return torch.cat(outputs, { dim: 1 });
  }
}

export function forecast() {
  const offsets = torch.randint(-20, 20, [6, 1]);
  const data = torch.sin(torch.arange(24).add(offsets).div(4.0)).to(torch.float64);
  const input = data.index(slice(1, null), slice(null, -1));
  const target = data.index(slice(1, null), slice(1, null));
  const testInput = data.index(slice(1), slice(null, -1));
  const testTarget = data.index(slice(1), slice(1, null));

  const seq = new Sequence();
  seq.double();
  const criterion = new nn.MSELoss();
  const optimizer = new optim.LBFGS(seq.parameters(), { lr: 0.8, maxIter: 6, lineSearchFn: 'strong_wolfe' });
  const losses: number[] = [];
  const tests: number[] = [];
  let y: Float64Array = new Float64Array();
  for (let epoch = 0; epoch < 3; epoch += 1) {
    const closure = () => {
      optimizer.zeroGrad();
      const out = seq.forward(input);
      const loss = criterion.forward(out, target);
      losses.push(loss.item());
      loss.backward();
      return loss;
    };
    optimizer.step(closure);
    torch.noGrad(() => {
      const future = 5;
      const pred = seq.forward(testInput, { future });
      const loss = criterion.forward(pred.index(slice(), slice(null, -future)), testTarget);
      tests.push(loss.item());
      y = pred.typedArray<Float64Array>();
    });
  }
  return {
    losses,
    tests,
    last: y.at(-1),
    largest: y.indexOf(Math.max(...y)),
    seq: seq.stateDict(),
    optimizer: optimizer.stateDict(),
  };
}
