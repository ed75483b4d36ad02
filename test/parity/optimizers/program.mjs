// Ten steps of an optimizer from one seed, the gradients of each step from its own: program.py is the same.

import * as torch from 'libtorch-node';
import { device } from '../device.mjs';
import { text } from '../opinfo/outcome.mjs';

export const STEPS = 10;
const shapes = [[3, 4], [5], [2, 3, 4], []];
const matrices = [
  [6, 4],
  [3, 5],
];

function parameters(name, dtype) {
  torch.manualSeed(0);
  const params = (name === 'Muon' ? matrices : shapes).map((shape) => torch.randn(shape, { dtype }));
  const last = torch.randn([4, 3], { dtype });
  params.push(name === 'LBFGS' ? last : last.t());
  params.push(torch.randn([2, 2], { dtype }));
  return params.map((param) => param.to(device).requiresGrad_());
}

function gradient({ shape, dtype }, sparse) {
  if (!sparse || shape.length === 0) return torch.randn(shape, { dtype });
  const rows = torch.randint(shape[0], [3]);
  return torch.sparseCooTensor(rows.unsqueeze(0), torch.randn([3, ...shape.slice(1)], { dtype }), shape);
}

function closure(optimizer, params) {
  return () => {
    optimizer.zeroGrad();
    let loss = 0;
    for (const param of params.slice(0, -1)) {
      const term = param.sub(0.5).abs().square().sum().add(param.abs().pow(4).mean());
      loss = term.add(loss);
    }
    loss.backward();
    return loss;
  };
}

function differentiated(total, inputs) {
  try {
    return text(torch.autograd.grad(total, inputs, { allowUnused: true }));
  } catch (error) {
    return error.message;
  }
}

export class Run {
  constructor(name, kwargs, dtype, kind) {
    this.kind = kind;
    this.fused = kwargs.fused;
    this.leaves = parameters(name, dtype);
    if (kind === 'sparse') this.leaves = this.leaves.filter((leaf) => leaf.dim() > 0);
    this.params = kind === 'differentiable' ? this.leaves.map((leaf) => leaf.clone()) : this.leaves;
    if (kind === 'differentiable') for (const param of this.params) param.retainGrad();
    this.gradients = [];
    const inGroups = kind !== 'closure' && !torch.isTensor(kwargs.lr);
    const groups = [{ params: this.params.slice(0, 2) }, { params: this.params.slice(2), lr: 0.003 }];
    this.optimizer = new torch.optim[name](inGroups ? groups : this.params, kwargs);
  }

  steps(first, last) {
    for (let step = first; step < last; step++) {
      torch.manualSeed(100 + step);
      if (this.kind === 'closure') {
        this.optimizer.step(closure(this.optimizer, this.params));
        continue;
      }
      for (const [index, param] of this.params.slice(0, -1).entries()) {
        if (index === 1 && step < 2 && !this.fused) continue;
        param.grad = gradient(param, this.kind === 'sparse').to(device);
        if (this.kind === 'differentiable') this.gradients.push(param.grad.requiresGrad_());
      }
      this.optimizer.step();
    }
  }

  state() {
    const params = this.leaves.map((param) => param.detach());
    return new Map([
      ['params', params],
      ['optimizer', this.optimizer.stateDict()],
    ]);
  }

  resume(saved) {
    torch.noGrad(() => {
      for (const [index, param] of this.leaves.entries()) param.copy_(saved.get('params')[index]);
    });
    this.optimizer.loadStateDict(saved.get('optimizer'));
  }

  outcome() {
    const state = this.optimizer.stateDict();
    const shown = (entries) => [...entries].map(([key, item]) => [key, text(item)]);
    const told = {
      params: text(this.params),
      state: [...state.get('state')].map(([key, values]) => [
        key,
        shown(values).sort(([a], [b]) => (a < b ? -1 : 1)),
      ]),
      groups: state.get('param_groups').map(shown),
      gradients: text(this.params.map((param) => param.grad)),
    };
    if (this.kind === 'differentiable') {
      let total = 0;
      for (const param of this.params) total = param.abs().square().sum().add(total);
      const inputs = [...this.leaves, ...this.gradients];
      told.differentiated = differentiated(total, inputs);
    }
    return told;
  }
}
