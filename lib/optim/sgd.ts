import { TorchError, ValueError } from '../errors.js';
import { sparseCoo } from '../layout.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { valueText } from '../python-text.js';
import { isTensor, type Tensor } from '../tensor.js';
import { type Hyperparameter, negative, numberOf, requireOneElement, toScalar } from './hyperparameter.js';
import {
  alike,
  checkFused,
  decayedGrad,
  decayedGrads,
  type Entry,
  requireFusable,
  usesForeach,
} from './implementation.js';
import { Optimizer, type ParamState } from './optimizer.js';
import type { ParamGroup, ParamGroupInput, Params } from './param-group.js';

export interface SGDOptions {
  lr?: Hyperparameter;
  momentum?: number;
  dampening?: number;
  weightDecay?: number;
  nesterov?: boolean;
  maximize?: boolean;
  foreach?: boolean | null;
  differentiable?: boolean;
  fused?: boolean | null;
}

export interface SGDGroup extends ParamGroup, Required<SGDOptions> {}

export interface SGDState extends ParamState {
  momentumBuffer?: Tensor | null;
}

type SGDEntry = Entry<SGDState>;

/** Stochastic gradient descent (torch.optim.SGD). */
export class SGD extends Optimizer<SGDGroup, SGDState> {
  constructor(params: Params | Iterable<ParamGroupInput<SGDGroup>>, options: SGDOptions = {}) {
    const {
      lr = 1e-3,
      momentum = 0,
      dampening = 0,
      weightDecay = 0,
      nesterov = false,
      maximize = false,
      foreach = null,
      differentiable = false,
      fused = null,
    } = options;
    requireOneElement(lr);
    if (numberOf(lr) < 0) throw new ValueError(`Invalid learning rate: ${valueText(lr)}`);
    if (momentum < 0) throw new ValueError(`Invalid momentum value: ${valueText(momentum)}`);
    if (weightDecay < 0) throw new ValueError(`Invalid weight_decay value: ${valueText(weightDecay)}`);
    if (nesterov && (momentum <= 0 || dampening !== 0)) {
      throw new ValueError('Nesterov momentum requires a momentum and zero dampening');
    }
    super(
      params,
      {
        lr,
        momentum,
        dampening,
        weightDecay,
        nesterov,
        maximize,
        foreach,
        differentiable,
        fused,
      },
      options,
    );
    checkFused({ fused, foreach, differentiable });
  }

  protected override completeGroup(group: SGDGroup): void {
    group.nesterov ??= false;
    group.maximize ??= false;
    if (group.foreach === undefined) group.foreach = null;
    group.differentiable ??= false;
    if (group.fused === undefined) group.fused = false;
  }

  /** Sparse gradients are welcome, and only momentum leaves a state. */
  protected override entries(group: SGDGroup): SGDEntry[] {
    return group.params.flatMap((param) => {
      const { grad } = param;
      if (!grad) return [];
      if (group.fused) requireFusable(param);
      return [{ param, grad, state: this.state.get(param) ?? {} }];
    });
  }

  protected override update(group: SGDGroup): void {
    const entries = this.entries(group);
    // Python does not ask whether it is differentiable here.
    if (usesForeach({ ...group, differentiable: false }, entries)) {
      for (const batch of alike(entries)) scope(() => multiTensor(batch, group));
    } else if (group.fused) {
      if (entries.some(({ grad }) => grad.layout === sparseCoo)) {
        throw new TorchError('`_fused_sgd` does not support sparse gradients');
      }
      scope(() => this.#fused(entries, group));
    } else {
      for (const entry of entries) scope(() => singleTensor(entry, group));
    }
    if (group.momentum === 0) return;
    for (const { param, state } of entries) this.state.set(param, state);
  }

  #fused(entries: SGDEntry[], group: SGDGroup): void {
    const { momentum } = group;
    const isFirstStep = momentum !== 0 && entries.every(({ state }) => !state.momentumBuffer);
    if (isFirstStep) {
      for (const { grad, state } of entries) state.momentumBuffer = aten.emptyLike(grad).keep();
    }
    for (const batch of alike(entries)) {
      const { device } = (batch[0] as SGDEntry).param;
      aten._fusedSgd_(
        batch.map(({ param }) => param),
        batch.map(({ grad }) => grad),
        momentum === 0 ? [] : batch.map(({ state }) => state.momentumBuffer as Tensor),
        {
          weightDecay: group.weightDecay,
          momentum,
          lr: group.lr as number,
          dampening: group.dampening,
          nesterov: group.nesterov,
          maximize: group.maximize,
          isFirstStep,
          gradScale: this.gradScale?.to({ device }) ?? null,
          foundInf: this.foundInf?.to({ device }) ?? null,
        },
      );
    }
  }
}

function singleTensor(entry: SGDEntry, group: SGDGroup): void {
  const { momentum, dampening, nesterov } = group;
  const { param, state } = entry;
  const lr = toScalar(group.lr);
  let grad = decayedGrad(entry, group);
  if (momentum !== 0) {
    if (state.momentumBuffer) {
      state.momentumBuffer.mul_(momentum).add_(grad, { alpha: 1 - dampening });
    } else {
      state.momentumBuffer = grad.detach().clone().keep();
    }
    grad = nesterov ? grad.add(state.momentumBuffer, { alpha: momentum }) : state.momentumBuffer;
  }
  if (isTensor(lr) && lr.requiresGrad) param.addcmul_(grad, lr, { value: -1 });
  else param.add_(grad, { alpha: numberOf(negative(lr)) });
}

function multiTensor(entries: SGDEntry[], group: SGDGroup): void {
  const { momentum, dampening, nesterov } = group;
  const params = entries.map(({ param }) => param);
  const isSparse = entries.some(({ grad }) => grad.layout === sparseCoo);
  let grads = decayedGrads(
    entries.map(({ grad }) => grad),
    params,
    group,
  );
  if (momentum !== 0) {
    const buffers = accumulated(entries, grads, momentum, 1 - dampening);
    // In place, as in Python: without weight decay the gradients themselves change.
    if (nesterov) aten._foreachAdd_(grads, buffers, { alpha: momentum });
    else grads = buffers;
  }
  const alpha = numberOf(negative(toScalar(group.lr)));
  if (isSparse) {
    for (const [index, param] of params.entries()) param.add_(grads[index] as Tensor, { alpha });
  } else {
    aten._foreachAdd_(params, grads, { alpha });
  }
}

/** The momentum buffers with the new gradients in them. */
function accumulated(entries: SGDEntry[], grads: Tensor[], momentum: number, alpha: number): Tensor[] {
  if (entries.every(({ state }) => state.momentumBuffer)) {
    const buffers = entries.map(({ state }) => state.momentumBuffer as Tensor);
    aten._foreachMul_(buffers, momentum);
    aten._foreachAdd_(buffers, grads, { alpha });
    return buffers;
  }
  return entries.map(({ state }, index) => {
    const grad = grads[index] as Tensor;
    state.momentumBuffer =
      state.momentumBuffer?.mul_(momentum).add_(grad, { alpha }) ?? grad.detach().clone().keep();
    return state.momentumBuffer;
  });
}
