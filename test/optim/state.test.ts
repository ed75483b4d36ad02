import * as torch from 'libtorch-node';
import { nn, optim } from 'libtorch-node';
import { describe, expect, it } from 'vitest';

type Make = (params: torch.Tensor[], options: object) => optim.Optimizer;

const makers: [string, Make, { foreach?: true; fused?: true }][] = [
  [
    'SGD',
    (params, options) => new optim.SGD(params, { momentum: 0.9, ...options }),
    { fused: true, foreach: true },
  ],
  [
    'Adam',
    (params, options) => new optim.Adam(params, { amsgrad: true, ...options }),
    { fused: true, foreach: true },
  ],
  ['AdamW', (params, options) => new optim.AdamW(params, options), { fused: true, foreach: true }],
  ['NAdam', (params, options) => new optim.NAdam(params, options), { foreach: true }],
  ['RAdam', (params, options) => new optim.RAdam(params, options), { foreach: true }],
  ['Adamax', (params, options) => new optim.Adamax(params, options), { foreach: true }],
  ['Adagrad', (params, options) => new optim.Adagrad(params, options), { fused: true, foreach: true }],
  ['Adadelta', (params, options) => new optim.Adadelta(params, options), { foreach: true }],
  ['Adafactor', (params, options) => new optim.Adafactor(params, options), { foreach: true }],
  [
    'RMSprop',
    (params, options) => new optim.RMSprop(params, { momentum: 0.9, centered: true, ...options }),
    { foreach: true },
  ],
  ['Rprop', (params, options) => new optim.Rprop(params, options), { foreach: true }],
  ['ASGD', (params, options) => new optim.ASGD(params, options), { foreach: true }],
  ['Muon', (params, options) => new optim.Muon(params, options), {}],
];

const variants = makers.flatMap(([name, make, implementations]) =>
  [{}, ...Object.keys(implementations).map((flag) => ({ [flag]: true }))].map((options) => ({
    name,
    make,
    options: {
      weightDecay: name === 'Rprop' ? undefined : 0.1,
      maximize: name === 'Muon' ? undefined : true,
      ...options,
    },
  })),
);

describe.each(variants)('$name $options', ({ make, options }) => {
  const params = () =>
    [torch.ones([3, 2]), torch.full([2, 2], 0.5)].map((data) => {
      const param = new nn.Parameter(data);
      param.grad = torch.full(param.shape, 0.25);
      return param;
    });

  it('keeps its state beyond the scope of the first step, and nothing else of any step', () => {
    const given = params();
    const optimizer = make(given, options);
    torch.scope(() => optimizer.step());
    const before = torch.liveTensors();
    for (let i = 0; i < 5; i++) optimizer.step();
    expect(torch.liveTensors()).toBeLessThanOrEqual(before);
    expect(given[0]?.requiresGrad && given[0].isLeaf).toBe(true);
    expect(given[0]?.tolist()).not.toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
  });
});

it('takes a marked float for the number it stands for', () => {
  const w = new nn.Parameter(torch.ones([1]));
  w.grad = torch.ones([1]);
  const optimizer = new optim.SGD([{ params: [w], momentum: torch.float(1) as never }], {
    lr: torch.float(1) as never,
  });
  expect([optimizer.defaults.lr, optimizer.paramGroups[0]?.momentum]).toEqual([1, 1]);
  optimizer.step();
  expect(w.item()).toBe(0);
});
