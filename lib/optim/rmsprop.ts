import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import type { Tensor } from '../tensor.js';
import { requireNonNegative } from './checks.js';
import { type Hyperparameter, negative, numberOf, requireOneElement, toScalar } from './hyperparameter.js';
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

export interface RMSpropOptions extends ImplementationOptions {
  lr?: Hyperparameter;
  /** Decay of the running average of the squared gradient. */
  alpha?: number;
  eps?: number;
  weightDecay?: number;
  momentum?: number;
  /** Divides by an estimate of the variance instead of the second moment. */
  centered?: boolean;
  maximize?: boolean;
}

export interface RMSpropGroup extends ParamGroup, Required<RMSpropOptions> {}

export interface RMSpropState extends ParamState {
  step: Tensor;
  squareAvg: Tensor;
  momentumBuffer?: Tensor;
  gradAvg?: Tensor;
}

/** RMSprop (Hinton's lecture 6; centered: Graves 2013; torch.optim.RMSprop). */
export class RMSprop extends Optimizer<RMSpropGroup, RMSpropState> {
  constructor(params: Params | Iterable<ParamGroupInput<RMSpropGroup>>, options: RMSpropOptions = {}) {
    const { lr = 1e-2, alpha = 0.99, eps = 1e-8, weightDecay = 0, momentum = 0 } = options;
    requireOneElement(lr);
    requireNonNegative('learning rate', lr);
    requireNonNegative('epsilon value', eps);
    requireNonNegative('momentum value', momentum);
    requireNonNegative('weight_decay value', weightDecay);
    requireNonNegative('alpha value', alpha);
    super(
      params,
      {
        lr,
        momentum,
        alpha,
        eps,
        centered: options.centered ?? false,
        weightDecay,
        capturable: options.capturable ?? false,
        foreach: options.foreach ?? null,
        maximize: options.maximize ?? false,
        differentiable: options.differentiable ?? false,
      },
      options,
    );
  }

  protected override completeGroup(group: RMSpropGroup): void {
    group.momentum ??= 0;
    group.centered ??= false;
    if (group.foreach === undefined) group.foreach = null;
    group.maximize ??= false;
    group.differentiable ??= false;
    group.capturable ??= false;
    for (const param of group.params) {
      const state = this.state.get(param);
      if (state) state.step = asStateNumber(state.step) as Tensor;
    }
  }

  protected override newState(
    param: Tensor,
    _grad: Tensor,
    { momentum, centered }: RMSpropGroup,
  ): RMSpropState {
    const state: RMSpropState = { step: stateNumber(0), squareAvg: aten.zerosLike(param).keep() };
    if (momentum > 0) state.momentumBuffer = aten.zerosLike(param).keep();
    if (centered) state.gradAvg = aten.zerosLike(param).keep();
    return state;
  }

  protected override update(group: RMSpropGroup): void {
    const entries = this.entries(group);
    if (usesForeach(group, entries)) {
      for (const batch of alike(entries)) scope(() => multiTensor(batch, group));
    } else {
      for (const entry of entries) scope(() => singleTensor(entry, group));
    }
  }
}

function singleTensor(entry: Entry<RMSpropState>, group: RMSpropGroup): void {
  const { alpha, eps, momentum, centered, differentiable } = group;
  const { state } = entry;
  const size = numberOf(negative(toScalar(group.lr)));
  state.step.add_(1);
  const grad = real(decayedGrad(entry, group));
  const [param, squareAvg] = [real(entry.param), real(state.squareAvg)];
  squareAvg.mul_(alpha).addcmul_(grad, grad, { value: 1 - alpha });
  let root: Tensor;
  if (centered) {
    const gradAvg = real(state.gradAvg as Tensor);
    gradAvg.lerp_(grad, 1 - alpha);
    root = squareAvg.addcmul(gradAvg, gradAvg, { value: -1 }).sqrt_();
  } else {
    root = squareAvg.sqrt();
  }
  const denominator = differentiable ? root.add(eps) : root.add_(eps);
  if (momentum > 0) {
    const buffer = real(state.momentumBuffer as Tensor);
    buffer.mul_(momentum).addcdiv_(grad, denominator);
    param.add_(buffer, { alpha: size });
  } else {
    param.addcdiv_(grad, denominator, { value: size });
  }
}

function multiTensor(entries: Entry<RMSpropState>[], group: RMSpropGroup): void {
  const { alpha, eps, momentum, centered } = group;
  const size = numberOf(negative(toScalar(group.lr)));
  const params = entries.map(({ param }) => real(param));
  const squareAvgs = entries.map(({ state }) => real(state.squareAvg));
  countSteps(entries.map(({ state }) => state.step));
  const given = entries.map(({ grad }) => real(grad));
  const grads = decayedGrads(given, params, group);
  aten._foreachMul_(squareAvgs, alpha);
  aten._foreachAddcmul_(squareAvgs, grads, grads, 1 - alpha);
  let denominators: Tensor[];
  if (centered) {
    const gradAvgs = entries.map(({ state }) => real(state.gradAvg as Tensor));
    aten._foreachLerp_(gradAvgs, grads, 1 - alpha);
    denominators = aten._foreachAddcmul(squareAvgs, gradAvgs, gradAvgs, -1);
    aten._foreachSqrt_(denominators);
  } else {
    denominators = aten._foreachSqrt(squareAvgs);
  }
  aten._foreachAdd_(denominators, eps);
  if (momentum > 0) {
    const buffers = entries.map(({ state }) => real(state.momentumBuffer as Tensor));
    aten._foreachMul_(buffers, momentum);
    aten._foreachAddcdiv_(buffers, grads, denominators);
    aten._foreachAdd_(params, buffers, { alpha: size });
  } else {
    aten._foreachAddcdiv_(params, grads, denominators, size);
  }
}
