import { ValueError } from '../errors.js';
import { scope } from '../memory.js';
import { valueText } from '../python-text.js';
import type { Tensor } from '../tensor.js';
import { Optimizer, type ParamState } from './optimizer.js';
import type { ParamGroup, ParamGroupInput, Params } from './param-group.js';

export interface SGDOptions {
  lr?: number;
  momentum?: number;
  dampening?: number;
  weightDecay?: number;
  nesterov?: boolean;
  maximize?: boolean;
}

export interface SGDGroup extends ParamGroup, Required<SGDOptions> {
  lr: number;
  foreach: boolean | null;
  differentiable: boolean;
  fused: boolean | null;
}

export interface SGDState extends ParamState {
  momentumBuffer?: Tensor | null;
}

/** Stochastic gradient descent (torch.optim.SGD), operation for operation PyTorch's single-tensor path. */
export class SGD extends Optimizer<SGDGroup, SGDState> {
  constructor(params: Params | Iterable<ParamGroupInput<SGDGroup>>, options: SGDOptions = {}) {
    const {
      lr = 1e-3,
      momentum = 0,
      dampening = 0,
      weightDecay = 0,
      nesterov = false,
      maximize = false,
    } = options;
    if (lr < 0) throw new ValueError(`Invalid learning rate: ${valueText(lr)}`);
    if (momentum < 0) throw new ValueError(`Invalid momentum value: ${valueText(momentum)}`);
    if (weightDecay < 0) throw new ValueError(`Invalid weight_decay value: ${valueText(weightDecay)}`);
    if (nesterov && (momentum <= 0 || dampening !== 0)) {
      throw new ValueError('Nesterov momentum requires a momentum and zero dampening');
    }
    // The last three are Python's: they are here for the files, in its order.
    super(params, {
      lr,
      momentum,
      dampening,
      weightDecay,
      nesterov,
      maximize,
      foreach: null,
      differentiable: false,
      fused: null,
    });
  }

  protected override completeGroup(group: SGDGroup): void {
    group.nesterov ??= false;
    group.maximize ??= false;
    if (group.foreach === undefined) group.foreach = null;
    group.differentiable ??= false;
    if (group.fused === undefined) group.fused = false;
  }

  protected override update(group: SGDGroup): void {
    for (const param of group.params) scope(() => this.#updateOne(param, group));
  }

  #updateOne(param: Tensor, { lr, momentum, dampening, weightDecay, nesterov, maximize }: SGDGroup): void {
    if (!param.grad) return;
    let grad = maximize ? param.grad.neg() : param.grad;
    if (weightDecay !== 0) grad = grad.add(param, { alpha: weightDecay });
    if (momentum !== 0) {
      let buffer = this.state.get(param)?.momentumBuffer;
      if (buffer) {
        buffer.mul_(momentum).add_(grad, { alpha: 1 - dampening });
      } else {
        buffer = grad.detach().clone().keep();
        this.state.set(param, { momentumBuffer: buffer });
      }
      grad = nesterov ? grad.add(buffer, { alpha: momentum }) : buffer;
    }
    param.add_(grad, { alpha: -lr });
  }
}
