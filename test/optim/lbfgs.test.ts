import * as torch from 'libtorch-node';
import { nn, optim } from 'libtorch-node';
import { describe, expect, it } from 'vitest';
import { runPython } from '../live-python.js';

describe('LBFGS on the Rosenbrock function, beside Python', () => {
  const starts = [
    [-1.5, 2],
    [0.3, -4],
    [30, 20],
  ];
  const script = `
import torch
def run(start, line_search, dtype):
    w = torch.tensor(start, dtype=getattr(torch, dtype), requires_grad=True)
    optimizer = torch.optim.LBFGS([w], lr=0.5 if line_search is None else 1, line_search_fn=line_search, history_size=4)
    def closure():
        optimizer.zero_grad()
        x, y = w[0], w[1]
        value = (-x + 1).square() + (y - x.square()).square() * 100
        value.backward()
        return value
    losses = [float(optimizer.step(closure)) for _ in range(6)]
    return [repr(losses), repr(w.tolist())]
print(json.dumps([run(*case) for case in input]))`;

  function run(start: number[], lineSearchFn: 'strong_wolfe' | null, dtype: 'float32' | 'float64') {
    const w = new nn.Parameter(
      torch.tensor(start, { dtype: dtype === 'float64' ? torch.float64 : torch.float32 }),
    );
    const lr = lineSearchFn === null ? 0.5 : 1;
    const optimizer = new optim.LBFGS([w], { lr, lineSearchFn, historySize: 4 });
    const closure = () => {
      optimizer.zeroGrad();
      const [x, y] = [w.select(0, 0), w.select(0, 1)];
      const value = x.neg().add(1).square().add(y.sub(x.square()).square().mul(100));
      value.backward();
      return value;
    };
    const losses = Array.from({ length: 6 }, () => Number(optimizer.step(closure).item()));
    return [losses, w.tolist()];
  }

  it('takes the same steps, with and without a line search', () => {
    const cases = starts.flatMap((start) =>
      (['strong_wolfe', null] as const).flatMap((search) =>
        (['float64', 'float32'] as const).map((dtype) => [start, search, dtype] as const),
      ),
    );
    const theirs = runPython<[string, string][]>(script, cases);
    const read = (text: string) => JSON.parse(text.replaceAll('nan', 'null').replaceAll('inf', '1e999'));
    const ours = cases.map((each) =>
      JSON.parse(JSON.stringify(run(...(each as unknown as Parameters<typeof run>)))),
    );
    expect(ours).toEqual(theirs.map((pair) => JSON.parse(JSON.stringify(pair.map(read)))));
    for (const [index, [, search]] of cases.entries()) {
      if (search) expect(ours[index][1][0], String(cases[index])).toBeCloseTo(1, 1);
    }
  });
});

it('LBFGS needs its closure, and no groups', () => {
  const w = new nn.Parameter(torch.ones([1]));
  expect(() => new optim.LBFGS([w]).step()).toThrow("missing 1 required positional argument: 'closure'");
  const groups = [{ params: [w] }, { params: [new nn.Parameter(torch.ones([1]))] }];
  expect(() => new optim.LBFGS(groups)).toThrow("LBFGS doesn't support per-parameter options");
});
