import { tensor } from '../creation.js';
import { float32, float64, getDefaultDtype } from '../dtype.js';
import { TorchError, ValueError } from '../errors.js';
import { sparseCoo } from '../layout.js';
import { scope } from '../memory.js';
import { aten } from '../ops.js';
import { pow } from '../python-number.js';
import { valueText } from '../python-text.js';
import type { Tensor } from '../tensor.js';
import { Tuple } from '../tuple.js';
import { Optimizer, type ParamState } from './optimizer.js';
import type { ParamGroup, ParamGroupInput, Params } from './param-group.js';

export interface AdamOptions {
  lr?: number;
  /** Decay of the running averages of the gradient and of its square. */
  betas?: readonly [number, number];
  eps?: number;
  weightDecay?: number;
  /** Divides by the largest average so far (Reddi et al. 2018). */
  amsgrad?: boolean;
  maximize?: boolean;
}

export interface AdamGroup extends ParamGroup, Required<AdamOptions> {
  lr: number;
  foreach: boolean | null;
  capturable: boolean;
  differentiable: boolean;
  fused: boolean | null;
  decoupledWeightDecay: boolean;
}

export interface AdamState extends ParamState {
  /** Steps taken: a float32 number on the CPU, as in Python. */
  step: Tensor;
  expAvg: Tensor;
  expAvgSq: Tensor;
  maxExpAvgSq?: Tensor;
}

/** Adam (Kingma & Ba 2014; torch.optim.Adam), operation for operation PyTorch's single-tensor path. */
export class Adam extends Optimizer<AdamGroup, AdamState> {
  constructor(params: Params | Iterable<ParamGroupInput<AdamGroup>>, options: AdamOptions = {}) {
    const { lr = 1e-3, betas = [0.9, 0.999], eps = 1e-8, weightDecay = 0 } = options;
    const { amsgrad = false, maximize = false } = options;
    // Written so that NaN is refused too.
    if (!(lr >= 0)) throw new ValueError(`Invalid learning rate: ${valueText(lr)}`);
    if (!(eps >= 0)) throw new ValueError(`Invalid epsilon value: ${valueText(eps)}`);
    for (const [index, beta] of betas.entries()) {
      if (!(beta >= 0 && beta < 1)) {
        throw new ValueError(`Invalid beta parameter at index ${index}: ${valueText(beta)}`);
      }
    }
    if (!(weightDecay >= 0)) throw new ValueError(`Invalid weight_decay value: ${valueText(weightDecay)}`);
    // What no option sets is Python's: it is here for the files, in its order.
    super(params, {
      lr,
      betas: Tuple.of(...betas) as unknown as readonly [number, number],
      eps,
      weightDecay,
      amsgrad,
      maximize,
      foreach: null,
      capturable: false,
      differentiable: false,
      fused: null,
      decoupledWeightDecay: false,
    });
  }

  protected override completeGroup(group: AdamGroup): void {
    group.amsgrad ??= false;
    group.maximize ??= false;
    if (group.foreach === undefined) group.foreach = null;
    group.capturable ??= false;
    group.differentiable ??= false;
    group.decoupledWeightDecay ??= false;
    if (group.fused === undefined) group.fused = null;
    for (const param of group.params) {
      const state = this.state.get(param);
      // PyTorch before 1.12 wrote a number.
      if (state && typeof state.step === 'number') state.step = stepTensor(state.step);
    }
  }

  #stateOf(param: Tensor, amsgrad: boolean): AdamState {
    let state = this.state.get(param);
    if (!state) {
      state = {
        step: stepTensor(0),
        expAvg: aten.zerosLike(param).keep(),
        expAvgSq: aten.zerosLike(param).keep(),
      };
      if (amsgrad) state.maxExpAvgSq = aten.zerosLike(param).keep();
      this.state.set(param, state);
    }
    return state;
  }

  protected override update(group: AdamGroup): void {
    for (const param of group.params) scope(() => this.#updateOne(param, group));
  }

  #updateOne(param: Tensor, { lr, betas, eps, weightDecay, amsgrad, maximize }: AdamGroup): void {
    if (!param.grad) return;
    if (param.grad.layout === sparseCoo) {
      throw new TorchError('Adam does not support sparse gradients, please consider SparseAdam instead');
    }
    const [beta1, beta2] = betas;
    const state = this.#stateOf(param, amsgrad);
    let grad = maximize ? param.grad.neg() : param.grad;
    const step = Number(state.step.add_(1).item());
    if (weightDecay !== 0) grad = grad.add(param, { alpha: weightDecay });
    const real = (t: Tensor): Tensor => (param.dtype.isComplex ? aten.viewAsReal(t) : t);
    grad = real(grad);
    const expAvg = real(state.expAvg);
    const expAvgSq = real(state.expAvgSq);
    expAvg.lerp_(grad, 1 - beta1);
    expAvgSq.mul_(beta2).addcmul_(grad, grad, { value: 1 - beta2 });
    // Python floats: V8's own power differs from C's in one case of ten, and float64 parameters show it.
    const stepSize = lr / (1 - pow(beta1, step));
    const correction2Sqrt = pow(1 - pow(beta2, step), 0.5);
    let second = expAvgSq;
    if (state.maxExpAvgSq && amsgrad) {
      second = real(state.maxExpAvgSq);
      second.copy_(aten.maximum(second, expAvgSq));
    }
    const denominator = second.sqrt().div(correction2Sqrt).add_(eps);
    real(param).addcdiv_(expAvg, denominator, { value: -stepSize });
  }
}

function stepTensor(step: number): Tensor {
  return tensor(step, { dtype: getDefaultDtype() === float64 ? float64 : float32 }).keep();
}
