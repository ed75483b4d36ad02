import { tensor } from '../creation.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { isTensor, type Tensor } from '../tensor.js';
import { requireNonNegative } from './checks.js';
import {
  type Hyperparameter,
  over,
  plus,
  power,
  requireOneElement,
  times,
  toScalar,
} from './hyperparameter.js';
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
import { asStateNumber, countSteps, scalarDtype } from './step-count.js';

export interface ASGDOptions extends ImplementationOptions {
  lr?: Hyperparameter;
  /** Decay term. */
  lambd?: number;
  /** Power of the learning rate's decay. */
  alpha?: number;
  /** The step at which averaging begins. */
  t0?: number;
  weightDecay?: number;
  maximize?: boolean;
}

export interface ASGDGroup extends ParamGroup, Required<ASGDOptions> {}

export interface ASGDState extends ParamState {
  step: Tensor;
  eta: Tensor;
  mu: Tensor;
  /** The averaged parameter. */
  ax: Tensor;
}

type ASGDEntry = Entry<ASGDState>;

/** Averaged stochastic gradient descent (Polyak & Juditsky 1992; torch.optim.ASGD). */
export class ASGD extends Optimizer<ASGDGroup, ASGDState> {
  constructor(params: Params | Iterable<ParamGroupInput<ASGDGroup>>, options: ASGDOptions = {}) {
    const { lr = 1e-2, lambd = 1e-4, alpha = 0.75, t0 = 1e6, weightDecay = 0 } = options;
    requireOneElement(lr);
    requireNonNegative('learning rate', lr);
    requireNonNegative('weight_decay value', weightDecay);
    super(
      params,
      {
        lr,
        lambd,
        alpha,
        t0,
        weightDecay,
        foreach: options.foreach ?? null,
        maximize: options.maximize ?? false,
        differentiable: options.differentiable ?? false,
        capturable: options.capturable ?? false,
      },
      options,
    );
  }

  protected override completeGroup(group: ASGDGroup): void {
    if (group.foreach === undefined) group.foreach = null;
    group.maximize ??= false;
    group.differentiable ??= false;
    group.capturable ??= false;
    for (const param of group.params) {
      const state = this.state.get(param);
      if (!state) continue;
      for (const key of ['step', 'eta', 'mu'] as const) state[key] = asStateNumber(state[key]) as Tensor;
    }
  }

  protected override newState(param: Tensor, _grad: Tensor, { lr }: ASGDGroup): ASGDState {
    const options = { dtype: scalarDtype(), device: param.device };
    return {
      step: tensor(0, options).keep(),
      eta: (isTensor(lr) ? toScalar(lr).to(options).clone().detach() : tensor(lr, options)).keep(),
      mu: tensor(1, options).keep(),
      ax: aten.zerosLike(param).keep(),
    };
  }

  protected override update(group: ASGDGroup): void {
    const entries = this.entries(group);
    if (usesForeach(group, entries)) {
      for (const batch of alike(entries)) scope(() => multiTensor(batch, group));
    } else {
      for (const entry of entries) scope(() => singleTensor(entry, group));
    }
  }
}

function etaAt(step: Hyperparameter, { lr: given, lambd, alpha }: ASGDGroup): Hyperparameter {
  const lr = toScalar(given);
  return over(lr, power(plus(times(times(lambd, lr), step), 1), alpha));
}

const muAt = (step: number, { t0 }: ASGDGroup): number => 1 / Math.max(1, step - t0);

const asTensor = (value: Hyperparameter): Tensor => (isTensor(value) ? value : tensor(value));

function singleTensor(entry: ASGDEntry, group: ASGDGroup): void {
  const { step: count, eta, mu } = entry.state;
  const [param, ax] = [real(entry.param), real(entry.state.ax)];
  count.add_(1);
  const pair = { grad: real(signed(entry.grad, group.maximize)), param };
  const grad = decayedGrad(pair, { ...group, maximize: false });
  const rate = Number(eta.item());
  param.mul_(1 - group.lambd * rate);
  param.add_(grad, { alpha: -rate });
  if (mu.item() !== 1) ax.add_(param.sub(ax).mul_(mu));
  else ax.copy_(param);
  const step = Number(count.item());
  eta.copy_(asTensor(etaAt(step, group)));
  mu.copy_(tensor(muAt(step, group)));
}

function multiTensor(entries: ASGDEntry[], group: ASGDGroup): void {
  const { weightDecay, lambd } = group;
  const params = entries.map(({ param }) => real(param));
  const axs = entries.map(({ state }) => real(state.ax));
  const [etas, mus] = [entries.map(({ state }) => state.eta), entries.map(({ state }) => state.mu)];
  const steps = entries.map(({ state }) => state.step);
  const given = entries.map(({ grad }) => real(grad));
  countSteps(steps);
  const grads = decayedGrads(given, params, { ...group, weightDecay });
  const changes = aten._foreachAdd(grads, params, { alpha: lambd });
  aten._foreachAddcmul_(params, changes, etas, -1);
  aten._foreachAddcmul_(axs, aten._foreachSub(params, axs), mus);
  const { device } = params[0] as Tensor;
  aten._foreachCopy_(
    etas,
    steps.map((step) => asTensor(etaAt(step, group)).to({ device })),
  );
  aten._foreachCopy_(
    mus,
    steps.map((step) => tensor(muAt(Number(step.item()), group), { device })),
  );
}
