import { bfloat16, type DType, float16, float64 } from '../dtype.js';
import { TorchError, ValueError } from '../errors.js';
import { norm } from '../functional-norm.js';
import { scope } from '../memory.js';
import { aten } from '../ops.js';
import { pow } from '../python-number.js';
import { valueText } from '../python-text.js';
import type { Tensor } from '../tensor.js';
import { Tuple } from '../tuple.js';
import { multiTensorAdafactor } from './adafactor-foreach.js';
import {
  type Hyperparameter,
  minus,
  numberOf,
  requireOneElement,
  times,
  toScalar,
} from './hyperparameter.js';
import { alike, type Entry } from './implementation.js';
import { Optimizer, type ParamState } from './optimizer.js';
import type { ParamGroup, ParamGroupInput, Params } from './param-group.js';
import { asStateNumber, stateNumber } from './step-count.js';

export interface AdafactorOptions {
  lr?: Hyperparameter;
  /** The running averages forget with the step to this power. */
  beta2Decay?: number;
  /** Keeps squares away from 0 (null: the dtype's epsilon), and the parameter's scale. */
  eps?: readonly [number | null, number];
  /** Clipping threshold. */
  d?: number;
  weightDecay?: number;
  foreach?: boolean | null;
  maximize?: boolean;
}

export interface AdafactorGroup extends ParamGroup, Required<AdafactorOptions> {}

export interface AdafactorState extends ParamState {
  step: Tensor;
  rowVar?: Tensor;
  colVar?: Tensor;
  variance?: Tensor;
}

export type AdafactorEntry = Entry<AdafactorState>;

/** Adafactor (Shazeer & Stern 2018; torch.optim.Adafactor). */
export class Adafactor extends Optimizer<AdafactorGroup, AdafactorState> {
  constructor(params: Params | Iterable<ParamGroupInput<AdafactorGroup>>, options: AdafactorOptions = {}) {
    const { lr = 1e-2, beta2Decay = -0.8, eps = [null, 1e-3], d = 1, weightDecay = 0 } = options;
    requireOneElement(lr);
    const refuse = (text: string, value: unknown): never => {
      throw new ValueError(`${text} but is: ${valueText(value)}`);
    };
    if (!(numberOf(lr) >= 0)) refuse('Learning rate should be >= 0', lr);
    if (!(beta2Decay <= 0)) refuse('beta2_decay should be <= 0', beta2Decay);
    if (eps[0] !== null && !(eps[0] >= 0)) refuse('epsilon1 should be >= 0', eps[0]);
    if (!(eps[1] >= 0)) refuse('epsilon2 should be >= 0', eps[1]);
    if (!(d >= 1)) refuse('Clipping threshold d should be >= 1', d);
    if (!(weightDecay >= 0)) refuse('weight_decay should be >= 0', weightDecay);
    super(params, {
      lr,
      beta2Decay,
      eps: Tuple.from<number | null>(eps) as unknown as readonly [number | null, number],
      d,
      weightDecay,
      foreach: options.foreach ?? null,
      maximize: options.maximize ?? false,
    });
  }

  protected override completeGroup(group: AdafactorGroup): void {
    if (group.foreach === undefined) group.foreach = null;
    for (const param of group.params) {
      const state = this.state.get(param);
      if (state) state.step = asStateNumber(state.step) as Tensor;
    }
  }

  protected override checkGrad(param: Tensor, grad: Tensor): void {
    if (param.dtype.isComplex) throw new TorchError('Adafactor does not support complex parameters');
    super.checkGrad(param, grad);
  }

  protected override newState(_param: Tensor, grad: Tensor): AdafactorState {
    const step = stateNumber(0);
    const { shape } = grad;
    if (shape.length < 2) return { step, variance: aten.zerosLike(grad).keep() };
    const zeros = (dim: number) => grad.newZeros(shape.with(dim, 1)).keep();
    return { step, rowVar: zeros(-1), colVar: zeros(-2) };
  }

  protected override update(group: AdafactorGroup): void {
    const entries = this.entries(group);
    const [first] = entries;
    if (!first) return;
    // Python takes the first parameter's epsilon for all, whatever their dtypes.
    const epsilon = group.eps[0] ?? epsilonOf(first.param.dtype);
    if (group.foreach) {
      for (const batch of alike(entries)) scope(() => multiTensorAdafactor(batch, group, epsilon));
    } else {
      for (const entry of entries) scope(() => singleTensor(entry, group, epsilon));
    }
  }
}

function epsilonOf(dtype: DType): number {
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
  const [lr, bound] = [numberOf(group.lr), 1 / pow(step, 0.5)];
  const alpha = larger(group.eps[1], rms(param)) * Math.min(lr, bound);
  return { novelty: pow(step, group.beta2Decay), alpha };
}

/** The step size against which an update is added, clipped at `d`. */
export function clippedSize(update: Tensor, alpha: number, d: number): number {
  const size = Number(norm(update, 2).item()) / (pow(update.numel(), 0.5) * d);
  return -alpha / larger(1, size);
}

export const squaredMean = (grad: Tensor, dim: number): Tensor => norm(grad, { dim, keepdim: true });

function singleTensor(entry: AdafactorEntry, group: AdafactorGroup, epsilon: number): void {
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
  param.add_(update, { alpha: clippedSize(update, alpha, d) });
}
