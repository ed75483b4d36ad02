import { Complex } from '../complex.js';
import { ValueError } from '../errors.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { valueText } from '../python-text.js';
import type { Tensor } from '../tensor.js';
import { Tuple } from '../tuple.js';
import { requireNonNegative } from './checks.js';
import { type Hyperparameter, numberOf, requireOneElement } from './hyperparameter.js';
import { alike, type Entry, type ImplementationOptions, real, usesForeach } from './implementation.js';
import { Optimizer, type ParamState } from './optimizer.js';
import type { ParamGroup, ParamGroupInput, Params } from './param-group.js';
import { asStateNumber, countSteps, stateNumber } from './step-count.js';

export interface RpropOptions extends ImplementationOptions {
  /** The first step size of every weight. */
  lr?: Hyperparameter;
  /** Factors of the step size: where the gradient's sign changed, where it did not. */
  etas?: readonly [number, number];
  /** The smallest and the largest step. */
  stepSizes?: readonly [number, number];
  maximize?: boolean;
}

export interface RpropGroup extends ParamGroup, Required<RpropOptions> {}

export interface RpropState extends ParamState {
  step: Tensor;
  prev: Tensor;
  stepSize: Tensor;
}

type RpropEntry = Entry<RpropState>;

/** Resilient backpropagation (Riedmiller & Braun 1993; torch.optim.Rprop). */
export class Rprop extends Optimizer<RpropGroup, RpropState> {
  constructor(params: Params | Iterable<ParamGroupInput<RpropGroup>>, options: RpropOptions = {}) {
    const { lr = 1e-2, etas = [0.5, 1.2], stepSizes = [1e-6, 50] } = options;
    requireOneElement(lr);
    requireNonNegative('learning rate', lr);
    if (!(etas[0] > 0 && etas[0] < 1 && etas[1] > 1)) {
      throw new ValueError(`Invalid eta values: ${etas.map(valueText).join(', ')}`);
    }
    super(
      params,
      {
        lr,
        etas: Tuple.of(...etas) as unknown as readonly [number, number],
        stepSizes: Tuple.of(...stepSizes) as unknown as readonly [number, number],
        foreach: options.foreach ?? null,
        maximize: options.maximize ?? false,
        differentiable: options.differentiable ?? false,
        capturable: options.capturable ?? false,
      },
      options,
    );
  }

  protected override completeGroup(group: RpropGroup): void {
    if (group.foreach === undefined) group.foreach = null;
    group.maximize ??= false;
    group.differentiable ??= false;
    group.capturable ??= false;
    for (const param of group.params) {
      const state = this.state.get(param);
      if (state) state.step = asStateNumber(state.step) as Tensor;
    }
  }

  protected override newState(param: Tensor, grad: Tensor, group: RpropGroup): RpropState {
    const lr = numberOf(group.lr);
    // The generated types know real numbers only.
    const first = (param.dtype.isComplex ? new Complex(lr, lr) : lr) as number;
    return {
      step: stateNumber(0),
      prev: aten.zerosLike(param).keep(),
      stepSize: aten.fullLike(grad, first).keep(),
    };
  }

  protected override update(group: RpropGroup): void {
    const entries = this.entries(group);
    if (usesForeach(group, entries)) {
      for (const batch of alike(entries)) scope(() => multiTensor(batch, group));
    } else {
      for (const entry of entries) scope(() => singleTensor(entry, group));
    }
  }
}

/** Python's `tensor[mask] = value`. */
function assign(tensor: Tensor, mask: Tensor, value: number): void {
  tensor.indexPut_([mask], aten.full([], value, { dtype: tensor.dtype, device: tensor.device }));
}

/** The factors of the step sizes, in place of the signs of two gradients' product. */
function signsToEtas(sign: Tensor, [etaMinus, etaPlus]: readonly [number, number]): void {
  assign(sign, sign.gt(0), etaPlus);
  assign(sign, sign.lt(0), etaMinus);
  assign(sign, sign.eq(0), 1);
}

function singleTensor({ param: given, grad: givenGrad, state }: RpropEntry, group: RpropGroup): void {
  const { etas, stepSizes, maximize, differentiable } = group;
  const grad = real(maximize ? givenGrad.neg() : givenGrad);
  state.step.add_(1);
  const [param, prev, stepSize] = [real(given), real(state.prev), real(state.stepSize)];
  const sign = grad.mul(differentiable ? prev.clone() : prev).sign();
  signsToEtas(sign, etas);
  stepSize.mul_(sign).clamp_(...stepSizes);
  const kept = grad.clone();
  assign(kept, sign.eq(etas[0]), 0);
  param.addcmul_(kept.sign(), stepSize, { value: -1 });
  prev.copy_(kept);
}

function multiTensor(entries: RpropEntry[], { etas, stepSizes, maximize }: RpropGroup): void {
  const params = entries.map(({ param }) => real(param));
  const grads = entries.map(({ grad }) => real(grad));
  const prevs = entries.map(({ state }) => real(state.prev));
  const sizes = entries.map(({ state }) => real(state.stepSize));
  countSteps(entries.map(({ state }) => state.step));
  const signs = aten._foreachMul(grads, prevs);
  if (maximize) aten._foreachNeg_(signs);
  aten._foreachCopy_(prevs, grads);
  if (maximize) aten._foreachNeg_(prevs);
  aten._foreachSign_(signs);
  for (const sign of signs) signsToEtas(sign, etas);
  aten._foreachMul_(sizes, signs);
  for (const size of sizes) size.clamp_(...stepSizes);
  for (const [index, kept] of prevs.entries()) {
    kept.copy_(aten.where((signs[index] as Tensor).eq(etas[0]), 0, kept));
  }
  aten._foreachAddcmul_(
    params,
    prevs.map((grad) => grad.sign()),
    sizes,
    -1,
  );
}
