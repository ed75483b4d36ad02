import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { pow } from '../python-number.js';
import type { Tensor } from '../tensor.js';
import { Tuple } from '../tuple.js';
import { requireBetas, requireNonNegative } from './checks.js';
import { type Hyperparameter, minus, over, requireOneElement, times, toScalar } from './hyperparameter.js';
import {
  alike,
  decayedGrad,
  decayedGrads,
  type Entry,
  type ImplementationOptions,
  real,
  signed,
  usesForeach,
} from './implementation.js';
import { Optimizer, type ParamState } from './optimizer.js';
import type { ParamGroup, ParamGroupInput, Params } from './param-group.js';
import { asStateNumber, countSteps, stateNumber } from './step-count.js';

export interface RAdamOptions extends ImplementationOptions {
  lr?: Hyperparameter;
  betas?: readonly [number, number];
  eps?: number;
  weightDecay?: number;
  decoupledWeightDecay?: boolean;
  maximize?: boolean;
}

export interface RAdamGroup extends ParamGroup, Required<RAdamOptions> {}

export interface RAdamState extends ParamState {
  step: Tensor;
  expAvg: Tensor;
  expAvgSq: Tensor;
}

/** Rectified Adam (Liu et al. 2019; torch.optim.RAdam). */
export class RAdam extends Optimizer<RAdamGroup, RAdamState> {
  constructor(params: Params | Iterable<ParamGroupInput<RAdamGroup>>, options: RAdamOptions = {}) {
    const { lr = 1e-3, betas = [0.9, 0.999], eps = 1e-8, weightDecay = 0 } = options;
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
        maximize: options.maximize ?? false,
        foreach: options.foreach ?? null,
        capturable: options.capturable ?? false,
        decoupledWeightDecay: options.decoupledWeightDecay ?? false,
        differentiable: options.differentiable ?? false,
      },
      options,
    );
  }

  protected override completeGroup(group: RAdamGroup): void {
    if (group.foreach === undefined) group.foreach = null;
    group.maximize ??= false;
    group.differentiable ??= false;
    group.decoupledWeightDecay ??= false;
    group.capturable ??= false;
    for (const param of group.params) {
      const state = this.state.get(param);
      if (state) state.step = asStateNumber(state.step) as Tensor;
    }
  }

  protected override newState(param: Tensor): RAdamState {
    return {
      step: stateNumber(0),
      expAvg: aten.zerosLike(param).keep(),
      expAvgSq: aten.zerosLike(param).keep(),
    };
  }

  protected override update(group: RAdamGroup): void {
    const entries = this.entries(group);
    if (usesForeach(group, entries)) {
      for (const batch of alike(entries)) scope(() => multiTensor(batch, group));
    } else {
      for (const entry of entries) scope(() => singleTensor(entry, group));
    }
  }
}

interface Rectification {
  correction1: number;
  correction2: number;
  /** 0 while the variance cannot be estimated. */
  rect: number;
}

function rectification(step: number, [beta1, beta2]: readonly [number, number]): Rectification {
  const correction2 = 1 - pow(beta2, step);
  const rhoInf = 2 / (1 - beta2) - 1;
  const rho = rhoInf - (2 * step * pow(beta2, step)) / correction2;
  const rect = () => pow(((rho - 4) * (rho - 2) * rhoInf) / ((rhoInf - 4) * (rhoInf - 2) * rho), 0.5);
  return { correction1: 1 - pow(beta1, step), correction2, rect: rho > 5 ? rect() : 0 };
}

/** The options without what decoupled decay does to the parameter instead of the gradient. */
function gradientDecay({ maximize, weightDecay, decoupledWeightDecay }: RAdamGroup) {
  return { maximize, weightDecay: decoupledWeightDecay ? 0 : weightDecay };
}

function singleTensor(entry: Entry<RAdamState>, group: RAdamGroup): void {
  const { eps, weightDecay, decoupledWeightDecay, differentiable } = group;
  const [beta1, beta2] = group.betas;
  const lr = toScalar(group.lr);
  const { state } = entry;
  const [param, expAvg, expAvgSq] = [real(entry.param), real(state.expAvg), real(state.expAvgSq)];
  state.step.add_(1);
  if (weightDecay !== 0 && decoupledWeightDecay) param.mul_(minus(1, times(lr, weightDecay)));
  const pair = { grad: real(signed(entry.grad, group.maximize)), param };
  const grad = decayedGrad(pair, { ...gradientDecay(group), maximize: false });
  expAvg.lerp_(grad, 1 - beta1);
  expAvgSq.mul_(beta2).addcmul_(grad, grad, { value: 1 - beta2 });
  const { correction1, correction2, rect } = rectification(Number(state.step.item()), group.betas);
  let change = expAvg.div(correction1).mul(lr);
  if (rect > 0) {
    const root = expAvgSq.sqrt();
    const shifted = differentiable ? root.add(eps) : root.add_(eps);
    change = change.mul(shifted.reciprocal().mul(pow(correction2, 0.5))).mul(rect);
  }
  param.add_(change, { alpha: -1 });
}

function multiTensor(entries: Entry<RAdamState>[], group: RAdamGroup): void {
  const { eps, weightDecay, decoupledWeightDecay } = group;
  const [beta1, beta2] = group.betas;
  const params = entries.map(({ param }) => real(param));
  const expAvgs = entries.map(({ state }) => real(state.expAvg));
  const expAvgSqs = entries.map(({ state }) => real(state.expAvgSq));
  countSteps(entries.map(({ state }) => state.step));
  if (weightDecay !== 0 && decoupledWeightDecay) {
    aten._foreachMul_(params, minus(1, times(toScalar(group.lr), weightDecay)) as number);
  }
  const given = entries.map(({ grad }) => real(grad));
  const grads = decayedGrads(given, params, gradientDecay(group));
  aten._foreachLerp_(expAvgs, grads, 1 - beta1);
  aten._foreachMul_(expAvgSqs, beta2);
  aten._foreachAddcmul_(expAvgSqs, grads, grads, 1 - beta2);
  const lr = toScalar(group.lr);
  const factors = entries.map(({ state }) => rectification(Number(state.step.item()), group.betas));
  const buffers = aten._foreachSqrt(expAvgSqs);
  aten._foreachAdd_(buffers, eps);
  // Numbers, or tensors where the learning rate is one: both are lists that the operators take.
  const rectified = factors.map(({ correction1, correction2, rect }) =>
    times(times(pow(correction2, 0.5), over(times(lr, rect), correction1)), -1),
  );
  const unrectified = factors.map(({ correction1, rect }) =>
    times(over(times(lr, rect > 0 ? 0 : 1), correction1), -1),
  );
  aten._foreachDiv_(buffers, rectified as number[]);
  aten._foreachReciprocal_(buffers);
  aten._foreachAdd_(buffers, unrectified as number[]);
  aten._foreachAddcmul_(params, expAvgs, buffers);
}
