import { Complex } from '../complex.js';
import { TorchError } from '../errors.js';
import { sparseCoo } from '../layout.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import type { Tensor } from '../tensor.js';
import { requireNonNegative } from './checks.js';
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
  checkFused,
  decayedGrad,
  decayedGrads,
  type Entry,
  real,
  requireFusable,
  usesForeach,
} from './implementation.js';
import { Optimizer, type ParamState } from './optimizer.js';
import type { ParamGroup, ParamGroupInput, Params } from './param-group.js';
import { asStateNumber, countSteps, fusedStep, stateNumber } from './step-count.js';

export interface AdagradOptions {
  lr?: Hyperparameter;
  lrDecay?: number;
  weightDecay?: number;
  initialAccumulatorValue?: number;
  eps?: number;
  foreach?: boolean | null;
  maximize?: boolean;
  differentiable?: boolean;
  fused?: boolean | null;
}

export interface AdagradGroup extends ParamGroup, Required<AdagradOptions> {}

export interface AdagradState extends ParamState {
  step: Tensor;
  /** Sum of the squared gradients. */
  sum: Tensor;
}

type AdagradEntry = Entry<AdagradState>;

/** Adagrad (Duchi et al. 2011; torch.optim.Adagrad). Takes sparse gradients. */
export class Adagrad extends Optimizer<AdagradGroup, AdagradState> {
  constructor(params: Params | Iterable<ParamGroupInput<AdagradGroup>>, options: AdagradOptions = {}) {
    const { lr = 1e-2, lrDecay = 0, weightDecay = 0, initialAccumulatorValue = 0, eps = 1e-10 } = options;
    const { foreach = null, differentiable = false, fused = null } = options;
    requireOneElement(lr);
    requireNonNegative('learning rate', lr);
    requireNonNegative('lr_decay value', lrDecay);
    requireNonNegative('weight_decay value', weightDecay);
    requireNonNegative('initial_accumulator_value value', initialAccumulatorValue);
    requireNonNegative('epsilon value', eps);
    super(
      params,
      {
        lr,
        lrDecay,
        eps,
        weightDecay,
        initialAccumulatorValue,
        foreach,
        maximize: options.maximize ?? false,
        differentiable,
        fused,
      },
      options,
    );
    checkFused({ fused, foreach, differentiable });
    for (const group of this.paramGroups) {
      for (const param of group.params) {
        this.state.set(param, newState(param, group.fused, initialAccumulatorValue));
      }
    }
  }

  protected override completeGroup(group: AdagradGroup): void {
    if (group.foreach === undefined) group.foreach = null;
    group.maximize ??= false;
    group.differentiable ??= false;
    if (group.fused === undefined) group.fused = null;
    for (const param of group.params) {
      const state = this.state.get(param);
      if (state) state.step = asStateNumber(state.step) as Tensor;
    }
  }

  protected override checkGrad(): void {}

  protected override newState(param: Tensor, _grad: Tensor, { fused }: AdagradGroup): AdagradState {
    return newState(param, fused, this.defaults.initialAccumulatorValue);
  }

  protected override update(group: AdagradGroup): void {
    const entries = this.entries(group);
    if (group.fused) {
      for (const { param } of entries) requireFusable(param);
      for (const batch of alike(entries)) scope(() => this.#fused(batch, group));
    } else if (usesForeach(group, entries)) {
      for (const batch of alike(entries)) scope(() => multiTensor(batch, group));
    } else {
      for (const entry of entries) scope(() => singleTensor(entry, group));
    }
  }

  #fused(entries: AdagradEntry[], group: AdagradGroup): void {
    if (entries.some(({ grad }) => grad.layout === sparseCoo)) {
      throw new TorchError('`fused` does not support sparse grad or complex param');
    }
    const { device } = (entries[0] as AdagradEntry).param;
    const steps = entries.map(({ state }) => state.step);
    const foundInf = this.foundInf?.to({ device }) ?? null;
    aten._foreachAdd_(steps, 1);
    aten._fusedAdagrad_(
      entries.map(({ param }) => param),
      entries.map(({ grad }) => grad),
      entries.map(({ state }) => state.sum),
      steps,
      {
        lr: group.lr as number,
        lrDecay: group.lrDecay,
        weightDecay: group.weightDecay,
        eps: group.eps,
        maximize: group.maximize,
        gradScale: this.gradScale?.to({ device }) ?? null,
        foundInf,
      },
    );
    if (!foundInf) return;
    aten._foreachSub_(
      steps,
      steps.map(() => foundInf),
    );
  }
}

function newState(param: Tensor, fused: boolean | null, first: number): AdagradState {
  // The generated types know real numbers only.
  const value = (param.dtype.isComplex ? new Complex(first, first) : first) as number;
  return { step: fused ? fusedStep(0, param) : stateNumber(0), sum: aten.fullLike(param, value).keep() };
}

function rateAt(step: Tensor, { lr, lrDecay }: AdagradGroup): number {
  return numberOf(negative(over(toScalar(lr), 1 + (Number(step.item()) - 1) * lrDecay)));
}

/** Changes only the rows that a sparse gradient has. */
function sparse({ param, state }: AdagradEntry, given: Tensor, rate: number, eps: number): void {
  // The update is not linear: an index must occur once.
  const grad = given.coalesce();
  const [indices, values, { shape }] = [grad._indices(), grad._values(), grad];
  state.sum.add_(aten.sparseCooTensor(indices, values.pow(2), shape));
  const deviations = state.sum.sparseMask(grad)._values().sqrt_().add_(eps);
  param.add_(aten.sparseCooTensor(indices, values.div(deviations), shape), { alpha: rate });
}

function singleTensor(entry: AdagradEntry, group: AdagradGroup): void {
  const { eps, weightDecay, differentiable } = group;
  const { state } = entry;
  const isSparse = entry.grad.layout === sparseCoo;
  state.step.add_(1);
  if (isSparse && weightDecay !== 0) {
    throw new TorchError('weight_decay option is not compatible with sparse gradients');
  }
  const grad = decayedGrad(entry, group);
  const rate = rateAt(state.step, group);
  if (isSparse) {
    sparse(entry, grad, rate, eps);
    return;
  }
  const [param, sum, realGrad] = [real(entry.param), real(state.sum), real(grad)];
  sum.addcmul_(realGrad, realGrad, { value: 1 });
  const root = sum.sqrt();
  param.addcdiv_(realGrad, differentiable ? root.add(eps) : root.add_(eps), { value: rate });
}

function multiTensor(entries: AdagradEntry[], group: AdagradGroup): void {
  if (entries.some(({ grad }) => grad.layout === sparseCoo)) {
    for (const entry of entries) singleTensor(entry, group);
    return;
  }
  const params = entries.map(({ param }) => real(param));
  const sums = entries.map(({ state }) => real(state.sum));
  countSteps(entries.map(({ state }) => state.step));
  const given = entries.map(({ grad }) => real(grad));
  const grads = decayedGrads(given, params, group);
  const rates = entries.map(({ state }) => rateAt(state.step, group));
  aten._foreachAddcmul_(sums, grads, grads, 1);
  const deviations = aten._foreachSqrt(sums);
  aten._foreachAdd_(deviations, group.eps);
  // In place where the gradients are not the parameters' own, as in Python: bfloat16 shows the difference.
  const isOwn = group.weightDecay === 0 && !group.maximize;
  const scaled = isOwn ? aten._foreachMul(grads, rates) : grads;
  if (!isOwn) aten._foreachMul_(grads, rates);
  aten._foreachAddcdiv_(params, scaled, deviations);
}
