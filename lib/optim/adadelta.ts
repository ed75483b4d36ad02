import { ValueError } from '../errors.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { valueText } from '../python-text.js';
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

export interface AdadeltaOptions extends ImplementationOptions {
  /** Scales the step before it is applied. */
  lr?: Hyperparameter;
  /** Decay of the running averages. */
  rho?: number;
  eps?: number;
  weightDecay?: number;
  maximize?: boolean;
}

export interface AdadeltaGroup extends ParamGroup, Required<AdadeltaOptions> {}

export interface AdadeltaState extends ParamState {
  step: Tensor;
  squareAvg: Tensor;
  accDelta: Tensor;
}

/** Adadelta (Zeiler 2012; torch.optim.Adadelta). */
export class Adadelta extends Optimizer<AdadeltaGroup, AdadeltaState> {
  constructor(params: Params | Iterable<ParamGroupInput<AdadeltaGroup>>, options: AdadeltaOptions = {}) {
    const { lr = 1, rho = 0.9, eps = 1e-6, weightDecay = 0 } = options;
    requireOneElement(lr);
    requireNonNegative('learning rate', lr);
    if (!(rho >= 0 && rho <= 1)) throw new ValueError(`Invalid rho value: ${valueText(rho)}`);
    requireNonNegative('epsilon value', eps);
    requireNonNegative('weight_decay value', weightDecay);
    super(
      params,
      {
        lr,
        rho,
        eps,
        weightDecay,
        maximize: options.maximize ?? false,
        capturable: options.capturable ?? false,
        foreach: options.foreach ?? null,
        differentiable: options.differentiable ?? false,
      },
      options,
    );
  }

  protected override completeGroup(group: AdadeltaGroup): void {
    if (group.foreach === undefined) group.foreach = null;
    group.maximize ??= false;
    group.differentiable ??= false;
    group.capturable ??= false;
    for (const param of group.params) {
      const state = this.state.get(param);
      if (state) state.step = asStateNumber(state.step) as Tensor;
    }
  }

  protected override newState(param: Tensor): AdadeltaState {
    return {
      step: stateNumber(0),
      squareAvg: aten.zerosLike(param).keep(),
      accDelta: aten.zerosLike(param).keep(),
    };
  }

  protected override update(group: AdadeltaGroup): void {
    const entries = this.entries(group);
    if (usesForeach(group, entries)) {
      for (const batch of alike(entries)) scope(() => multiTensor(batch, group));
    } else {
      for (const entry of entries) scope(() => singleTensor(entry, group));
    }
  }
}

function singleTensor(entry: Entry<AdadeltaState>, group: AdadeltaGroup): void {
  const { rho, eps, differentiable } = group;
  const { param, state } = entry;
  state.step.add_(1);
  const grad = real(decayedGrad(entry, group));
  const [squareAvg, accDelta] = [real(state.squareAvg), real(state.accDelta)];
  squareAvg.mul_(rho).addcmul_(grad, grad, { value: 1 - rho });
  const deviation = squareAvg.add(eps).sqrt_();
  const root = accDelta.add(eps).sqrt_();
  const delta = (differentiable ? root.clone() : root).div_(deviation).mul_(grad);
  accDelta.mul_(rho).addcmul_(delta, delta, { value: 1 - rho });
  const change = param.dtype.isComplex ? aten.viewAsComplex(delta) : delta;
  param.add_(change, { alpha: numberOf(negative(toScalar(group.lr))) });
}

function multiTensor(entries: Entry<AdadeltaState>[], group: AdadeltaGroup): void {
  const { rho, eps } = group;
  const params = entries.map(({ param }) => real(param));
  const squareAvgs = entries.map(({ state }) => real(state.squareAvg));
  const accDeltas = entries.map(({ state }) => real(state.accDelta));
  countSteps(entries.map(({ state }) => state.step));
  const given = entries.map(({ grad }) => real(grad));
  const grads = decayedGrads(given, params, group);
  aten._foreachMul_(squareAvgs, rho);
  aten._foreachAddcmul_(squareAvgs, grads, grads, 1 - rho);
  const deviations = aten._foreachAdd(squareAvgs, eps);
  aten._foreachSqrt_(deviations);
  const deltas = aten._foreachAdd(accDeltas, eps);
  aten._foreachSqrt_(deltas);
  aten._foreachDiv_(deltas, deviations);
  aten._foreachMul_(deltas, grads);
  aten._foreachMul_(accDeltas, rho);
  aten._foreachAddcmul_(accDeltas, deltas, deltas, 1 - rho);
  aten._foreachAdd_(params, deltas, { alpha: numberOf(negative(toScalar(group.lr))) });
}
