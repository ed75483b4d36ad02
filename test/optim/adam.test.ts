import * as torch from 'libtorch-node';
import { nn, optim } from 'libtorch-node';
import { describe, expect, it } from 'vitest';

/** Steps on 0.1·w³ + w² summed: the references are PyTorch 2.13's. */
function trained(
  options: optim.AdamOptions,
  { steps = 5, dtype = torch.float64 } = {},
): [nn.Parameter, optim.Adam] {
  const w = new nn.Parameter(torch.tensor([1, -2, 0.5], { dtype }));
  const optimizer = new optim.Adam([w], options);
  for (let i = 0; i < steps; i++) {
    torch.scope(() => {
      optimizer.zeroGrad();
      w.pow(3).sum().mul(0.1).add(w.mul(w).sum()).backward();
      optimizer.step();
    });
  }
  return [w, optimizer];
}

describe('Adam', () => {
  it.each([
    ['defaults', { lr: 0.01 }, [0.9500524010702099, -1.9500127623630115, 0.4501055659128326]],
    [
      'everything else',
      { lr: 0.01, betas: [0.8, 0.95] as const, eps: 1e-6, weightDecay: 0.1, amsgrad: true },
      [0.9500827965475029, -1.9500215935335523, 0.4501643529889785],
    ],
    ['maximize', { lr: 0.01, maximize: true }, [1.0500457114656014, -2.050012009423984, 0.5500810420646484]],
  ])('%s: the bits of PyTorch', (_, options, expected) => {
    expect(trained(options)[0].tolist()).toEqual(expected);
  });

  it('stays with PyTorch for 200 steps of float64, where a power that is off by one bit shows', () => {
    const [w, optimizer] = trained({ lr: 0.01 }, { steps: 200 });
    expect(w.tolist()).toEqual([0.022591397989193712, -0.42331539717819944, 5.947733219144126e-6]);
    expect(optimizer.state.get(w)?.expAvgSq.tolist()).toEqual([
      0.16202462946860402, 0.6321016461457912, 0.01728812772903772,
    ]);
  });

  it('keeps its state in the parameter dtype, the step as a float32 number', () => {
    const [w, optimizer] = trained({ lr: 0.01, amsgrad: true }, { dtype: torch.float32 });
    const state = optimizer.stateDict().get('state').get(0) as Map<string, torch.Tensor>;
    expect([...state.keys()]).toEqual(['step', 'exp_avg', 'exp_avg_sq', 'max_exp_avg_sq']);
    expect([...state.values()].every((tensor) => tensor.dtype === torch.float32)).toBe(true);
    expect([state.get('step')?.shape, state.get('step')?.item()]).toEqual([[], 5]);
    expect(w.tolist()).toEqual([0.9500523805618286, -1.9500126838684082, 0.45010557770729065]);
  });

  it('takes the memory format of the parameter', () => {
    const conv = new nn.Conv2d(2, 2, 3, { bias: false }).to({ memoryFormat: torch.channelsLast });
    conv.weight.grad = torch.onesLike(conv.weight);
    const optimizer = new optim.Adam(conv.parameters());
    optimizer.step();
    expect(optimizer.state.get(conv.weight)?.expAvg.stride()).toEqual(conv.weight.stride());
  });

  it('frees what a step makes', () => {
    const [, optimizer] = trained({ weightDecay: 0.1, amsgrad: true, maximize: true });
    const before = torch.liveTensors();
    for (let i = 0; i < 10; i++) optimizer.step();
    expect(torch.liveTensors()).toBeLessThanOrEqual(before); // less, if garbage was collected meanwhile
  });

  it('refuses sparse gradients', () => {
    const w = new nn.Parameter(torch.ones([2]));
    w.grad = torch.ones([2]).toSparse();
    expect(() => new optim.Adam([w]).step()).toThrow(
      'Adam does not support sparse gradients, please consider SparseAdam instead',
    );
  });

  it.each([
    [{ lr: Number.NaN }, 'Invalid learning rate: nan'],
    [{ eps: -1e-8 }, 'Invalid epsilon value: -1e-08'],
    [{ betas: [1, 0.9] as const }, 'Invalid beta parameter at index 0: 1'],
    [{ betas: [0.9, -0.1] as const }, 'Invalid beta parameter at index 1: -0.1'],
    [{ weightDecay: -1 }, 'Invalid weight_decay value: -1'],
  ])('refuses %o', (options, text) => {
    const make = () => new optim.Adam([new nn.Parameter(torch.ones([1]))], options);
    expect(make).toThrow(torch.ValueError);
    expect(make).toThrow(text);
  });
});
