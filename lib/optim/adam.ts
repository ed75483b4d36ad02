import { TorchError, ValueError } from '../errors.js';
import { sparseCoo } from '../layout.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { isTensor, type Tensor } from '../tensor.js';
import { Tuple } from '../tuple.js';
import { fusedAdam } from './adam-fused.js';
import { multiTensorAdam, singleTensorAdam } from './adam-step.js';
import { requireBetas, requireNonNegative } from './checks.js';
import { type Hyperparameter, toScalar } from './hyperparameter.js';
import {
  alike,
  checkFused,
  type ImplementationOptions,
  requireFusable,
  usesForeach,
} from './implementation.js';
import { Optimizer, type ParamState } from './optimizer.js';
import type { ParamGroup, ParamGroupInput, Params } from './param-group.js';
import { asStateNumber, fusedStep, stateNumber } from './step-count.js';

export interface AdamOptions extends ImplementationOptions {
  lr?: Hyperparameter;
  /** Decay of the running averages of the gradient and of its square. */
  betas?: readonly [Hyperparameter, Hyperparameter];
  eps?: number;
  weightDecay?: number;
  /** Divides by the largest average so far (Reddi et al. 2018). */
  amsgrad?: boolean;
  maximize?: boolean;
  /** One kernel for the whole step. */
  fused?: boolean | null;
  /** Weight decay beside the gradient, as in AdamW. */
  decoupledWeightDecay?: boolean;
}

export interface AdamGroup extends ParamGroup, Required<AdamOptions> {}

export interface AdamState extends ParamState {
  /** Steps taken: a float32 number on the CPU, as in Python. */
  step: Tensor;
  expAvg: Tensor;
  expAvgSq: Tensor;
  maxExpAvgSq?: Tensor;
}

function requireBetaKinds(betas: readonly Hyperparameter[], { foreach, capturable }: AdamOptions): void {
  if (isTensor(betas[0]) !== isTensor(betas[1])) {
    throw new ValueError('betas must be either both floats or both Tensors');
  }
  for (const [index, beta] of betas.entries()) {
    if (!isTensor(beta)) continue;
    if (!capturable && foreach) {
      throw new ValueError(
        `betas[${index}] as a Tensor is not supported for capturable=False and foreach=True`,
      );
    }
    if (beta.numel() !== 1) throw new ValueError(`Tensor betas[${index}] must be 1-element`);
  }
}

const tensorLr = 'lr as a Tensor is not supported for capturable=False and foreach=True';

/** Adam (Kingma & Ba 2014; torch.optim.Adam). */
export class Adam extends Optimizer<AdamGroup, AdamState> {
  constructor(params: Params | Iterable<ParamGroupInput<AdamGroup>>, options: AdamOptions = {}) {
    const { lr = 1e-3, betas = [0.9, 0.999], eps = 1e-8, weightDecay = 0 } = options;
    const { amsgrad = false, maximize = false, foreach = null, fused = null } = options;
    const { capturable = false, differentiable = false, decoupledWeightDecay = false } = options;
    if (isTensor(lr)) {
      if (foreach && !capturable) throw new ValueError(tensorLr);
      if (lr.numel() !== 1) throw new ValueError('Tensor lr must be 1-element');
    }
    requireNonNegative('learning rate', lr);
    requireNonNegative('epsilon value', eps);
    requireBetas(betas);
    requireNonNegative('weight_decay value', weightDecay);
    requireBetaKinds(betas, options);
    super(
      params,
      {
        lr,
        betas: Tuple.from(betas.map(toScalar)) as unknown as readonly [Hyperparameter, Hyperparameter],
        eps,
        weightDecay,
        amsgrad,
        maximize,
        foreach,
        capturable,
        differentiable,
        fused,
        decoupledWeightDecay,
      },
      options,
    );
    checkFused({ fused, foreach, differentiable });
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
      if (state) state.step = asStateNumber(state.step) as Tensor;
    }
  }

  protected override checkGrad(_param: Tensor, grad: Tensor): void {
    if (grad.layout !== sparseCoo) return;
    throw new TorchError('Adam does not support sparse gradients, please consider SparseAdam instead');
  }

  protected override newState(param: Tensor, _grad: Tensor, { fused, amsgrad }: AdamGroup): AdamState {
    if (fused) requireFusable(param);
    const state: AdamState = {
      step: fused ? fusedStep(0, param) : stateNumber(0),
      expAvg: aten.zerosLike(param).keep(),
      expAvgSq: aten.zerosLike(param).keep(),
    };
    if (amsgrad) state.maxExpAvgSq = aten.zerosLike(param).keep();
    return state;
  }

  protected override update(group: AdamGroup): void {
    const entries = this.entries(group);
    const asked = group.foreach !== null || !isTensor(group.lr);
    if (group.fused) {
      for (const batch of alike(entries)) scope(() => fusedAdam(batch, group, this));
    } else if (asked && usesForeach(group, entries)) {
      if (isTensor(group.lr)) throw new TorchError(tensorLr);
      for (const batch of alike(entries)) scope(() => multiTensorAdam(batch, group));
    } else {
      for (const entry of entries) scope(() => singleTensorAdam(entry, group));
    }
  }
}
