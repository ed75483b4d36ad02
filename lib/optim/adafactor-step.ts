import { bfloat16, type DType, float16, float64 } from '../dtype.js';
import { norm } from '../functional/norm.js';
import { pow } from '../python-number.js';
import type { Tensor } from '../tensor.js';
import type { AdafactorEntry, AdafactorGroup } from './adafactor.js';
import {
  type Hyperparameter,
  less,
  minus,
  negative,
  numberOf,
  over,
  times,
  toScalar,
} from './hyperparameter.js';

export function epsilonOf(dtype: DType): number {
  const digits = dtype === float64 ? 52 : dtype === float16 ? 10 : dtype === bfloat16 ? 7 : 23;
  return pow(2, -digits);
}

/** Python's `max`, which keeps the first where the second is NaN. */
// biome-ignore lint/complexity/useMathMinMax: Math.max is NaN then
const larger = (a: number, b: number): number => (b > a ? b : a);

/** Root mean square. */
const rms = (tensor: Tensor): number => Number(norm(tensor, 2).item()) / pow(tensor.numel(), 0.5);

/** How much the averages take of the new, and the step relative to the parameter's scale; `step` is counted already. */
export function adafactorRates({ param, state }: AdafactorEntry, group: AdafactorGroup) {
  const step = Number(state.step.item());
  const [lr, bound] = [toScalar(group.lr), 1 / pow(step, 0.5)];
  const alpha = times(larger(group.eps[1], rms(param)), less(bound, lr) ? bound : lr);
  return { novelty: pow(step, group.beta2Decay), alpha };
}

/** The step size against which an update is added, clipped at `d`. */
export function clippedSize(update: Tensor, alpha: Hyperparameter, d: number): Hyperparameter {
  const size = Number(norm(update, 2).item()) / (pow(update.numel(), 0.5) * d);
  return over(negative(alpha), larger(1, size));
}

export const squaredMean = (grad: Tensor, dim: number): Tensor => norm(grad, { dim, keepdim: true });

export function singleTensorAdafactor(entry: AdafactorEntry, group: AdafactorGroup, epsilon: number): void {
  const { weightDecay, maximize, d } = group;
  const { param, state } = entry;
  const grad = maximize ? entry.grad.neg() : entry.grad;
  state.step.add_(1);
  const { novelty, alpha } = adafactorRates(entry, group);
  if (weightDecay !== 0) param.mul_(minus(1, times(toScalar(group.lr), weightDecay)));
  let estimate: Tensor;
  if (state.rowVar && state.colVar) {
    const mean = (dim: number) => squaredMean(grad, dim).square_().div_(grad.size(dim));
    state.rowVar.lerp_(mean(-1), novelty);
    state.colVar.lerp_(mean(-2), novelty);
    estimate = state.rowVar.matmul(state.colVar);
    estimate.div_(state.rowVar.mean({ dim: -2, keepdim: true }).clamp_({ min: epsilon }));
  } else {
    const variance = state.variance as Tensor;
    variance.lerp_(grad.mul(grad), novelty);
    estimate = variance.clone();
  }
  const update = estimate.clamp_({ min: epsilon * epsilon }).rsqrt_();
  update.mul_(grad);
  param.add_(update, { alpha: numberOf(clippedSize(update, alpha, d)) });
}
