import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { pow } from '../python-number.js';
import type { Tensor } from '../tensor.js';
import { Tuple } from '../tuple.js';
import { requireBetas, requireNonNegative } from './checks.js';
import {
  type Hyperparameter,
  minus,
  negative,
  numberOf,
  over,
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
import { asStateNumber, countSteps, stateNumber } from './step-count.js';

export interface NAdamOptions extends ImplementationOptions {
  lr?: Hyperparameter;
  betas?: readonly [number, number];
  eps?: number;
  weightDecay?: number;
  momentumDecay?: number;
  decoupledWeightDecay?: boolean;
  maximize?: boolean;
}

export interface NAdamGroup extends ParamGroup, Required<NAdamOptions> {}

export interface NAdamState extends ParamState {
  step: Tensor;
  /** Product of the momentum coefficients so far. */
  muProduct: Tensor;
  expAvg: Tensor;
  expAvgSq: Tensor;
}

/** Adam with Nesterov momentum (Dozat 2016; torch.optim.NAdam). */
export class NAdam extends Optimizer<NAdamGroup, NAdamState> {
  constructor(params: Params | Iterable<ParamGroupInput<NAdamGroup>>, options: NAdamOptions = {}) {
    const { lr = 2e-3, betas = [0.9, 0.999], eps = 1e-8, weightDecay = 0, momentumDecay = 4e-3 } = options;
    requireOneElement(lr);
    requireNonNegative('learning rate', lr);
    requireNonNegative('epsilon value', eps);
    requireBetas(betas);
    requireNonNegative('weight_decay value', weightDecay);
    requireNonNegative('momentum_decay value', momentumDecay);
    super(
      params,
      {
        lr,
        betas: Tuple.of(...betas) as unknown as readonly [number, number],
        eps,
        weightDecay,
        momentumDecay,
        decoupledWeightDecay: options.decoupledWeightDecay ?? false,
        maximize: options.maximize ?? false,
        foreach: options.foreach ?? null,
        capturable: options.capturable ?? false,
        differentiable: options.differentiable ?? false,
      },
      options,
    );
  }

  protected override completeGroup(group: NAdamGroup): void {
    group.maximize ??= false;
    if (group.foreach === undefined) group.foreach = null;
    group.capturable ??= false;
    group.differentiable ??= false;
    group.decoupledWeightDecay ??= false;
    for (const param of group.params) {
      const state = this.state.get(param);
      if (!state) continue;
      state.step = asStateNumber(state.step) as Tensor;
      state.muProduct = asStateNumber(state.muProduct) as Tensor;
    }
  }

  protected override newState(param: Tensor): NAdamState {
    return {
      step: stateNumber(0),
      muProduct: stateNumber(1),
      expAvg: aten.zerosLike(param).keep(),
      expAvgSq: aten.zerosLike(param).keep(),
    };
  }

  protected override update(group: NAdamGroup): void {
    const entries = this.entries(group);
    if (usesForeach(group, entries)) {
      for (const batch of alike(entries)) scope(() => multiTensor(batch, group));
    } else {
      for (const entry of entries) scope(() => singleTensor(entry, group));
    }
  }
}

function momenta(step: number, { betas: [beta1], momentumDecay }: NAdamGroup): [now: number, next: number] {
  return [
    beta1 * (1 - 0.5 * pow(0.96, step * momentumDecay)),
    beta1 * (1 - 0.5 * pow(0.96, (step + 1) * momentumDecay)),
  ];
}

/** The options without what decoupled decay does to the parameter instead of the gradient. */
function gradientDecay({ maximize, weightDecay, decoupledWeightDecay }: NAdamGroup) {
  return { maximize, weightDecay: decoupledWeightDecay ? 0 : weightDecay };
}

function singleTensor(entry: Entry<NAdamState>, group: NAdamGroup): void {
  const { eps, weightDecay, decoupledWeightDecay, differentiable } = group;
  const [beta1, beta2] = group.betas;
  const lr = toScalar(group.lr);
  const { state } = entry;
  const [param, expAvg, expAvgSq] = [real(entry.param), real(state.expAvg), real(state.expAvgSq)];
  state.step.add_(1);
  const step = Number(state.step.item());
  const correction2 = 1 - pow(beta2, step);
  if (weightDecay !== 0 && decoupledWeightDecay) param.mul_(minus(1, times(lr, weightDecay)));
  const pair = { grad: real(signed(entry.grad, group.maximize)), param };
  const grad = decayedGrad(pair, { ...gradientDecay(group), maximize: false });
  const [mu, muNext] = momenta(step, group);
  state.muProduct.mul_(mu);
  expAvg.lerp_(grad, 1 - beta1);
  expAvgSq.mul_(beta2).addcmul_(grad, grad, { value: 1 - beta2 });
  const denominator = expAvgSq.div(correction2).sqrt();
  if (differentiable) {
    const shifted = denominator.add(eps);
    const { muProduct } = state;
    const gradSize = over(times(negative(lr), 1 - mu), minus(1, muProduct)) as Tensor;
    const averageSize = over(times(negative(lr), muNext), minus(1, muProduct.mul(muNext))) as Tensor;
    const [scaledGrad, scaledAverage] = [grad.mul(gradSize), expAvg.mul(averageSize)];
    param.addcdiv_(scaledGrad, shifted);
    param.addcdiv_(scaledAverage, shifted);
    return;
  }
  const product = Number(state.muProduct.item());
  denominator.add_(eps);
  param.addcdiv_(grad, denominator, {
    value: numberOf(over(times(negative(lr), 1 - mu), 1 - product)),
  });
  param.addcdiv_(expAvg, denominator, {
    value: numberOf(over(times(negative(lr), muNext), 1 - product * muNext)),
  });
}

function multiTensor(entries: Entry<NAdamState>[], group: NAdamGroup): void {
  const { eps, weightDecay, decoupledWeightDecay } = group;
  const [beta1, beta2] = group.betas;
  const params = entries.map(({ param }) => real(param));
  const expAvgs = entries.map(({ state }) => real(state.expAvg));
  const expAvgSqs = entries.map(({ state }) => real(state.expAvgSq));
  const muProducts = entries.map(({ state }) => state.muProduct);
  countSteps(entries.map(({ state }) => state.step));
  if (weightDecay !== 0 && decoupledWeightDecay) {
    aten._foreachMul_(params, minus(1, times(toScalar(group.lr), weightDecay)) as number);
  }
  const given = entries.map(({ grad }) => real(grad));
  const grads = decayedGrads(given, params, gradientDecay(group));
  aten._foreachLerp_(expAvgs, grads, 1 - beta1);
  aten._foreachMul_(expAvgSqs, beta2);
  aten._foreachAddcmul_(expAvgSqs, grads, grads, 1 - beta2);
  const denominators = aten._foreachSqrt(expAvgSqs);
  const steps = entries.map(({ state }) => Number(state.step.item()));
  const mus = steps.map((step) => momenta(step, group));
  aten._foreachMul_(
    muProducts,
    mus.map(([mu]) => mu),
  );
  aten._foreachDiv_(
    denominators,
    steps.map((step) => pow(1 - pow(beta2, step), 0.5)),
  );
  aten._foreachAdd_(denominators, eps);
  const lr = numberOf(group.lr);
  const products = muProducts.map((product) => Number(product.item()));
  const sizes = mus.map(([mu, muNext], index) => {
    const product = products[index] as number;
    return [((lr * (1 - mu)) / (1 - product)) * -1, ((lr * muNext) / (1 - product * muNext)) * -1] as const;
  });
  aten._foreachAddcdiv_(
    params,
    grads,
    denominators,
    sizes.map(([size]) => size),
  );
  aten._foreachAddcdiv_(
    params,
    expAvgs,
    denominators,
    sizes.map(([, size]) => size),
  );
}
