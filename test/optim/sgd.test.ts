import * as torch from 'libtorch-node';
import { nn, optim } from 'libtorch-node';
import { describe, expect, it } from 'vitest';

/** Five steps on 0.1·w³ + w² summed, in float64: the references are PyTorch 2.13's. */
function trained(make: (w: nn.Parameter) => optim.Optimizer): {
  w: nn.Parameter;
  optimizer: optim.Optimizer;
} {
  const w = new nn.Parameter(torch.tensor([1, -2, 0.5], { dtype: torch.float64 }));
  const optimizer = make(w);
  for (let i = 0; i < 5; i++) {
    torch.scope(() => {
      optimizer.zeroGrad();
      w.pow(3).sum().mul(0.1).add(w.mul(w).sum()).backward();
      optimizer.step();
    });
  }
  return { w, optimizer };
}

describe('SGD', () => {
  it.each([
    ['plain', { lr: 0.1 }, [0.29010517054802665, -0.8599440501588522, 0.15399967462698655]],
    [
      'momentum, dampening, weight decay',
      { lr: 0.1, momentum: 0.9, dampening: 0.3, weightDecay: 0.01 },
      [-0.526169472990446, 0.3700787242328955, -0.2387012084594055],
    ],
    [
      'nesterov',
      { lr: 0.1, momentum: 0.9, nesterov: true },
      [-0.4506352604434476, 0.6654592224817362, -0.21659147181245486],
    ],
    ['maximize', { lr: 0.01, maximize: true }, [1.1211889806665023, -2.142185750264415, 0.5562911663315372]],
  ])('%s: the bits of PyTorch', (_, options, expected) => {
    expect(trained((w) => new optim.SGD([w], options)).w.tolist()).toEqual(expected);
  });

  it('computes one step by hand: v = 2g·(1 − d) + m·v, w −= lr·v', () => {
    const w = new nn.Parameter(torch.tensor([1]));
    const optimizer = new optim.SGD([w], { lr: 0.5, momentum: 0.5, dampening: 0.5 });
    for (const expected of [0.5, 0]) {
      w.grad = torch.tensor([1]); // first step: v = g, without dampening; second: v = 0.5·1 + 0.5·1
      optimizer.step();
      expect(w.item()).toBe(expected);
    }
  });

  it('keeps momentum made inside the scope of the first step', () => {
    const { optimizer } = trained(
      (w) => new optim.SGD([w], { lr: 0.1, momentum: 0.9, dampening: 0.3, weightDecay: 0.01 }),
    );
    const buffer = [...optimizer.state.values()][0]?.momentumBuffer as torch.Tensor;
    expect(buffer.tolist()).toEqual([2.6817989450400304, -5.421221982489852, 1.3484576110254338]);
  });

  it('leaves what has no gradient alone, and holds no state without momentum', () => {
    const [w, still] = [new nn.Parameter(torch.ones([1])), new nn.Parameter(torch.ones([1]))];
    const optimizer = new optim.SGD([w, still], { lr: 1 });
    w.grad = torch.ones([1]);
    optimizer.step();
    expect([w.item(), still.item(), optimizer.state.size]).toEqual([0, 1, 0]);
  });

  it('frees what a step makes', () => {
    const w = new nn.Parameter(torch.ones([4]));
    const optimizer = new optim.SGD([w], {
      lr: 0.1,
      momentum: 0.9,
      weightDecay: 0.1,
      nesterov: true,
      maximize: true,
    });
    w.grad = torch.ones([4]);
    optimizer.step();
    const before = torch.liveTensors();
    for (let i = 0; i < 10; i++) optimizer.step();
    expect(torch.liveTensors()).toBeLessThanOrEqual(before); // less, if garbage was collected meanwhile
  });

  it.each([
    [{ lr: -1 }, 'Invalid learning rate: -1'],
    [{ momentum: -0.5 }, 'Invalid momentum value: -0.5'],
    [{ weightDecay: -1e-5 }, 'Invalid weight_decay value: -1e-05'],
    [{ nesterov: true }, 'Nesterov momentum requires a momentum and zero dampening'],
    [
      { nesterov: true, momentum: 0.9, dampening: 0.1 },
      'Nesterov momentum requires a momentum and zero dampening',
    ],
  ])('refuses %o', (options, text) => {
    const make = () => new optim.SGD([new nn.Parameter(torch.ones([1]))], options);
    expect(make).toThrow(torch.ValueError);
    expect(make).toThrow(text);
  });
});
