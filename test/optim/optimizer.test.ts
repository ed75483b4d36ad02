import * as torch from 'libtorch-node';
import { nn, optim } from 'libtorch-node';
import { describe, expect, it } from 'vitest';

const { Tuple } = torch.serialization;

const parameter = (value = 1): nn.Parameter => new nn.Parameter(torch.tensor([value]));

function refused(make: () => unknown, kind: new (...args: never[]) => Error, text: string): void {
  expect(make).toThrow(kind);
  expect(make).toThrow(text);
}

describe('parameter groups', () => {
  it('take what they do not say from the defaults', () => {
    const [a, b] = [parameter(), parameter()];
    const optimizer = new optim.SGD([{ params: [a] }, { params: b, lr: 1, weightDecay: 0.5 }], { lr: 0.1 });
    const [first, second] = optimizer.paramGroups;
    expect([first?.lr, first?.weightDecay, second?.lr, second?.weightDecay]).toEqual([0.1, 0, 1, 0.5]);
    expect(second?.params[0]).toBe(b);
    optimizer.addParamGroup({ params: [parameter()], momentum: 0.9 });
    expect(optimizer.paramGroups[2]?.momentum).toBe(0.9);
  });

  it('may carry names', () => {
    const optimizer = new optim.SGD(new nn.Linear(1, 1).namedParameters());
    expect(optimizer.paramGroups[0]?.paramNames).toEqual(['weight', 'bias']);
    expect([...(optimizer.stateDict().get('param_groups')[0] as Map<string, unknown>).keys()]).toEqual([
      'param_names',
      'lr',
      'momentum',
      'dampening',
      'weight_decay',
      'nesterov',
      'maximize',
      'foreach',
      'differentiable',
      'fused',
      'params',
    ]);
  });

  it('refuse what PyTorch refuses, in its words', () => {
    const w = parameter();
    refused(() => new optim.SGD([]), torch.ValueError, 'optimizer got an empty parameter list');
    refused(
      () => new optim.SGD(w as unknown as torch.Tensor[]),
      TypeError,
      'params argument given to the optimizer should be an iterable of Tensors or dicts, but got Parameter',
    );
    refused(
      () => new optim.SGD([1 as unknown as torch.Tensor]),
      TypeError,
      'optimizer can only optimize Tensors, but one of the params is number',
    );
    refused(() => new optim.SGD([w.mul(2)]), torch.ValueError, "can't optimize a non-leaf Tensor");
    refused(
      () => new optim.SGD([['w', w] as const, parameter()] as unknown as torch.Tensor[]),
      torch.ValueError,
      'all optimizer params should be with/without names. Some param names are missing',
    );
    refused(
      () => new optim.SGD([{ params: [w] }, { params: [w] }]),
      torch.ValueError,
      'some parameters appear in more than one parameter group',
    );
    refused(
      () => new optim.SGD([{ params: new Set([w]) }]),
      TypeError,
      'optimizer parameters need to be organized in ordered collections, but the ordering of tensors in sets will ' +
        'change between runs. Please use a list instead.',
    );
    refused(
      () => new optim.SGD([{ params: [w] }, { params: [['b', parameter()]] }]),
      torch.ValueError,
      'all optimizer param groups should be with/without names. cannot add param group with names to the optimizer',
    );
  });

  it('print as PyTorch prints them', () => {
    expect(String(new optim.SGD([parameter()], { lr: 0.1, momentum: 0.9 }))).toBe(`SGD (
Parameter Group 0
    dampening: 0
    differentiable: False
    foreach: None
    fused: None
    lr: 0.1
    maximize: False
    momentum: 0.9
    nesterov: False
    weight_decay: 0
)`);
    expect(String(new optim.Adam(new nn.Linear(1, 1).namedParameters()))).toBe(`Adam (
Parameter Group 0
    amsgrad: False
    betas: (0.9, 0.999)
    capturable: False
    decoupled_weight_decay: False
    differentiable: False
    eps: 1e-08
    foreach: None
    fused: None
    lr: 0.001
    maximize: False
    param_names: ['weight', 'bias']
    weight_decay: 0
)`);
  });
});

describe('step', () => {
  it('runs the closure with autograd and answers with its result', () => {
    const w = parameter();
    const optimizer = new optim.SGD([w], { lr: 1 });
    const loss = torch.noGrad(() =>
      optimizer.step(() => {
        const value = w.mul(3).sum();
        value.backward();
        return value;
      }),
    );
    expect([loss.item(), w.item(), optimizer.step()]).toEqual([3, -2, undefined]);
  });

  it('does not record itself', () => {
    const w = parameter();
    w.grad = torch.ones([1]);
    new optim.SGD([w], { lr: 1 }).step();
    expect([w.isLeaf, w.requiresGrad]).toEqual([true, true]);
  });

  it('drops gradients, or zeroes them', () => {
    const w = parameter();
    const optimizer = new optim.SGD([w]);
    w.grad = torch.ones([1]);
    const { grad } = w;
    optimizer.zeroGrad({ setToNone: false });
    expect([w.grad === grad, grad?.item()]).toEqual([true, 0]);
    optimizer.zeroGrad();
    expect(w.grad).toBeNull();
  });
});

describe('state dict', () => {
  const step = (optimizer: optim.Optimizer): void => {
    for (const w of optimizer.paramGroups.flatMap((group) => group.params)) w.grad = torch.ones([1]);
    optimizer.step();
  };

  it('has the layout, names, order and values of Python', () => {
    const optimizer = new optim.Adam([
      { params: [parameter()] },
      { params: [parameter(), parameter()], lr: 1 },
    ]);
    step(optimizer);
    const dict = optimizer.stateDict();
    expect([...dict.keys()]).toEqual(['state', 'param_groups']);
    expect([...dict.get('state').keys()]).toEqual([0, 1, 2]);
    const [first, second] = dict.get('param_groups');
    expect([...(first ?? [])]).toEqual([
      ['lr', 0.001],
      ['betas', Tuple.of(0.9, 0.999)],
      ['eps', 1e-8],
      ['weight_decay', 0],
      ['amsgrad', false],
      ['maximize', false],
      ['foreach', null],
      ['capturable', false],
      ['differentiable', false],
      ['fused', null],
      ['decoupled_weight_decay', false],
      ['params', [0]],
    ]);
    expect(first?.get('betas')).toBeInstanceOf(Tuple);
    expect(second?.get('params')).toEqual([1, 2]);
    expect(second?.get('lr')).toEqual(torch.float(1)); // a float in Python too
  });

  it('continues where another optimizer was', () => {
    const [a, b] = [parameter(), parameter()];
    const first = new optim.SGD([a], { lr: 0.5, momentum: 0.5 });
    step(first);
    const second = new optim.SGD([b], { lr: 9 });
    b.detach().copy_(a);
    second.loadStateDict(first.stateDict());
    expect([second.paramGroups[0]?.lr, second.paramGroups[0]?.momentum]).toEqual([0.5, 0.5]);
    expect(second.paramGroups[0]?.params[0]).toBe(b);
    step(second);
    expect(b.item()).toBe(-0.25);
  });

  it('casts state to the parameter, except the step, and keeps it beyond the scope of the load', () => {
    const single = new optim.Adam([parameter()]);
    step(single);
    const w = new nn.Parameter(torch.ones([1], { dtype: torch.float64 }));
    const double = new optim.Adam([w]);
    torch.scope(() => double.loadStateDict(single.stateDict()));
    const state = double.state.get(w);
    expect([state?.expAvg.dtype, state?.step.dtype, state?.step.item()]).toEqual([
      torch.float64,
      torch.float32,
      1,
    ]);
  });

  it('fills in what older files lack', () => {
    const w = parameter();
    const optimizer = new optim.Adam([w]);
    const group = new Map<string, unknown>([
      ['lr', torch.float(1)],
      ['betas', Tuple.of<unknown>(0.5, torch.float(0))],
      ['eps', 0],
      ['weight_decay', 0],
      ['params', [7]],
    ]);
    const zero = torch.zeros([1]);
    const state = new Map([
      [
        7,
        new Map<string, unknown>([
          ['step', 3],
          ['exp_avg', zero],
          ['exp_avg_sq', zero],
        ]),
      ],
    ]);
    optimizer.loadStateDict(
      new Map<string, unknown>([
        ['state', state],
        ['param_groups', [group]],
      ]),
    );
    expect(optimizer.state.get(w)?.step.item()).toBe(3);
    const { lr, betas, amsgrad, maximize } = optimizer.paramGroups[0] as optim.AdamGroup;
    expect([lr, [...betas], amsgrad, maximize]).toEqual([1, [0.5, 0], false, false]);
  });

  it('refuses groups of another shape', () => {
    const dict = new optim.SGD([parameter(), parameter()]).stateDict();
    refused(
      () => new optim.SGD([parameter()]).loadStateDict(dict),
      torch.ValueError,
      "loaded state dict contains a parameter group that doesn't match the size of optimizer's group",
    );
    refused(
      () => new optim.SGD([{ params: [parameter()] }, { params: [parameter()] }]).loadStateDict(dict),
      torch.ValueError,
      'loaded state dict has a different number of parameter groups',
    );
  });
});
