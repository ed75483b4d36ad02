import { TorchError, ValueError } from '../errors.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { valueText } from '../python-text.js';
import type { Tensor } from '../tensor.js';
import { Tuple } from '../tuple.js';
import { multiTensorAdafactor } from './adafactor-foreach.js';
import { epsilonOf, singleTensorAdafactor } from './adafactor-step.js';
import { type Hyperparameter, numberOf, requireOneElement } from './hyperparameter.js';
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
    super(
      params,
      {
        lr,
        beta2Decay,
        eps: Tuple.from<number | null>(eps) as unknown as readonly [number | null, number],
        d,
        weightDecay,
        foreach: options.foreach ?? null,
        maximize: options.maximize ?? false,
      },
      options,
    );
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
      for (const entry of entries) scope(() => singleTensorAdafactor(entry, group, epsilon));
    }
  }
}
