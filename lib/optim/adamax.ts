import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { pow } from '../python-number.js';
import type { Tensor } from '../tensor.js';
import { Tuple } from '../tuple.js';
import { requireBetas, requireNonNegative } from './checks.js';
import {
  type Hyperparameter,
  negative,
  numberOf,
  over,
  requireOneElement,
  toScalar,
} from './hyperparameter.js';
import {
  alike,
  decayedGrad,
  decayedGrads,
  type Entry,
  type ImplementationOptions,
  real,
  usesForeach,
} from './implementation.js';
import { Optimizer, type ParamState } from './optimizer.js';
import type { ParamGroup, ParamGroupInput, Params } from './param-group.js';
import { asStateNumber, countSteps, stateNumber } from './step-count.js';

export interface AdamaxOptions extends ImplementationOptions {
  lr?: Hyperparameter;
  betas?: readonly [number, number];
  eps?: number;
  weightDecay?: number;
  maximize?: boolean;
}

export interface AdamaxGroup extends ParamGroup, Required<AdamaxOptions> {}

export interface AdamaxState extends ParamState {
  step: Tensor;
  expAvg: Tensor;
  /** The exponentially weighted infinity norm. */
  expInf: Tensor;
}

/** Adam with the infinity norm (Kingma & Ba 2014; torch.optim.Adamax). */
export class Adamax extends Optimizer<AdamaxGroup, AdamaxState> {
  constructor(params: Params | Iterable<ParamGroupInput<AdamaxGroup>>, options: AdamaxOptions = {}) {
    const { lr = 2e-3, betas = [0.9, 0.999], eps = 1e-8, weightDecay = 0 } = options;
    requireOneElement(lr);
    requireNonNegative('learning rate', lr);
    requireNonNegative('epsilon value', eps);
    requireBetas(betas);
    requireNonNegative('weight_decay value', weightDecay);
    super(
      params,
      {
        lr,
        betas: Tuple.of(...betas) as unknown as readonly [number, number],
        eps,
        weightDecay,
        foreach: options.foreach ?? null,
        maximize: options.maximize ?? false,
        differentiable: options.differentiable ?? false,
        capturable: options.capturable ?? false,
      },
      options,
    );
  }

  protected override completeGroup(group: AdamaxGroup): void {
    if (group.foreach === undefined) group.foreach = null;
    group.maximize ??= false;
    group.differentiable ??= false;
    group.capturable ??= false;
    for (const param of group.params) {
      const state = this.state.get(param);
      if (state) state.step = asStateNumber(state.step) as Tensor;
    }
  }

  protected override newState(param: Tensor): AdamaxState {
    return {
      step: stateNumber(0),
      expAvg: aten.zerosLike(param).keep(),
      expInf: aten.zerosLike(param).keep(),
    };
  }

  protected override update(group: AdamaxGroup): void {
    const entries = this.entries(group);
    if (usesForeach(group, entries)) {
      for (const batch of alike(entries)) scope(() => multiTensor(batch, group));
    } else {
      for (const entry of entries) scope(() => singleTensor(entry, group));
    }
  }
}

function singleTensor(entry: Entry<AdamaxState>, group: AdamaxGroup): void {
  const { eps, differentiable } = group;
  const [beta1, beta2] = group.betas;
  const { state } = entry;
  state.step.add_(1);
  const grad = real(decayedGrad(entry, group));
  const [param, expAvg, expInf] = [real(entry.param), real(state.expAvg), real(state.expInf)];
  expAvg.lerp_(grad, 1 - beta1);
  const [decayed, size] = [expInf.mul_(beta2), grad.abs().add_(eps)];
  if (differentiable) {
    const both = aten.cat([decayed.unsqueeze(0), size.unsqueeze_(0)], 0);
    expInf.copy_(aten.amax(both, 0, { keepdim: false }));
  } else {
    expInf.copy_(aten.maximum(decayed, size));
  }
  const correction = 1 - pow(beta1, Number(state.step.item()));
  param.addcdiv_(expAvg, expInf, { value: numberOf(negative(over(toScalar(group.lr), correction))) });
}

function multiTensor(entries: Entry<AdamaxState>[], group: AdamaxGroup): void {
  const [beta1, beta2] = group.betas;
  const params = entries.map(({ param }) => real(param));
  const expAvgs = entries.map(({ state }) => real(state.expAvg));
  const expInfs = entries.map(({ state }) => real(state.expInf));
  countSteps(entries.map(({ state }) => state.step));
  const given = entries.map(({ grad }) => real(grad));
  const grads = decayedGrads(given, params, group);
  aten._foreachLerp_(expAvgs, grads, 1 - beta1);
  aten._foreachMul_(expInfs, beta2);
  const sizes = aten._foreachAbs(grads);
  aten._foreachAdd_(sizes, group.eps);
  aten._foreachMaximum_(expInfs, sizes);
  const lr = numberOf(group.lr);
  const stepSizes = entries.map(({ state }) => (lr / (1 - pow(beta1, Number(state.step.item())))) * -1);
  aten._foreachAddcdiv_(params, expAvgs, expInfs, stepSizes);
}
