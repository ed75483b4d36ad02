import { TorchError, ValueError } from '../errors.js';
import { sparseCoo } from '../layout.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { pow } from '../python-number.js';
import { valueText } from '../python-text.js';
import type { Tensor } from '../tensor.js';
import { Tuple } from '../tuple.js';
import { requireBetas } from './checks.js';
import {
  type Hyperparameter,
  negative,
  numberOf,
  over,
  requireOneElement,
  times,
  toScalar,
} from './hyperparameter.js';
import type { Entry } from './implementation.js';
import { Optimizer, type ParamState } from './optimizer.js';
import type { ParamGroup, ParamGroupInput, Params } from './param-group.js';

export interface SparseAdamOptions {
  lr?: Hyperparameter;
  betas?: readonly [number, number];
  eps?: number;
  maximize?: boolean;
}

export interface SparseAdamGroup extends ParamGroup, Required<SparseAdamOptions> {}

export interface SparseAdamState extends ParamState {
  step: number;
  expAvg: Tensor;
  expAvgSq: Tensor;
}

/** Adam that touches only the rows that a sparse gradient has (torch.optim.SparseAdam). */
export class SparseAdam extends Optimizer<SparseAdamGroup, SparseAdamState> {
  constructor(params: Params | Iterable<ParamGroupInput<SparseAdamGroup>>, options: SparseAdamOptions = {}) {
    const { lr = 1e-3, betas = [0.9, 0.999], eps = 1e-8, maximize = false } = options;
    requireOneElement(lr);
    if (!(numberOf(lr) > 0)) throw new ValueError(`Invalid learning rate: ${valueText(lr)}`);
    if (!(eps > 0)) throw new ValueError(`Invalid epsilon value: ${valueText(eps)}`);
    requireBetas(betas);
    super(
      params,
      { lr, betas: Tuple.of(...betas) as unknown as readonly [number, number], eps, maximize },
      options,
    );
    const places = (has: (param: Tensor) => boolean): string =>
      valueText(
        this.paramGroups.flatMap(({ params: own }, group) =>
          own.flatMap((param, index) => (has(param) ? [[group, index]] : [])),
        ),
      );
    const sparse = places(({ layout }) => layout === sparseCoo);
    if (sparse !== '[]') {
      throw new ValueError(`Sparse params at indices ${sparse}: SparseAdam requires dense parameter tensors`);
    }
    const complex = places(({ dtype }) => dtype.isComplex);
    if (complex !== '[]') {
      throw new ValueError(
        `Complex params at indices ${complex}: SparseAdam does not support complex parameters`,
      );
    }
  }

  protected override checkGrad(_param: Tensor, grad: Tensor): void {
    if (grad.layout === sparseCoo) return;
    throw new TorchError('SparseAdam does not support dense gradients, please consider Adam instead');
  }

  protected override newState(param: Tensor): SparseAdamState {
    return { step: 0, expAvg: aten.zerosLike(param).keep(), expAvgSq: aten.zerosLike(param).keep() };
  }

  protected override update(group: SparseAdamGroup): void {
    const entries = this.entries(group);
    for (const { state } of entries) state.step += 1;
    for (const entry of entries) scope(() => step(entry, group));
  }
}

function step({ param, grad: given, state }: Entry<SparseAdamState>, group: SparseAdamGroup): void {
  const [beta1, beta2] = group.betas;
  // The update is not linear: an index must occur once.
  const grad = (group.maximize ? given.neg() : given).coalesce();
  const [indices, values, { shape }] = [grad._indices(), grad._values(), grad];
  if (values.numel() === 0) return;
  const sparse = (rows: Tensor) => aten.sparseCooTensor(indices, rows, shape);
  const { expAvg, expAvgSq } = state;
  const before = expAvg.sparseMask(grad)._values();
  const change = values.sub(before).mul_(1 - beta1);
  expAvg.add_(sparse(change));
  const beforeSq = expAvgSq.sparseMask(grad)._values();
  const changeSq = values
    .pow(2)
    .sub_(beforeSq)
    .mul_(1 - beta2);
  expAvgSq.add_(sparse(changeSq));
  const numerator = change.add_(before);
  const denominator = changeSq.add_(beforeSq).sqrt_().add_(group.eps);
  const correction1 = 1 - pow(beta1, state.step);
  const correction2 = 1 - pow(beta2, state.step);
  const size = over(times(toScalar(group.lr), Math.sqrt(correction2)), correction1);
  param.add_(sparse(times(negative(size), numerator.div_(denominator)) as Tensor));
}
