import { bfloat16 } from '../dtype.js';
import { TorchError, ValueError } from '../errors.js';
import { norm } from '../functional/norm.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { sizeText, valueText } from '../python-text.js';
import type { Tensor } from '../tensor.js';
import { Tuple } from '../tuple.js';
import {
  type Hyperparameter,
  minus,
  numberOf,
  requireOneElement,
  times,
  toScalar,
} from './hyperparameter.js';
import { Optimizer, type ParamState } from './optimizer.js';
import type { ParamGroup, ParamGroupInput, Params } from './param-group.js';

type Coefficients = readonly [number, number, number];

export interface MuonOptions {
  lr?: Hyperparameter;
  weightDecay?: number;
  momentum?: number;
  nesterov?: boolean;
  /** Coefficients of the Newton-Schulz polynomial. */
  nsCoefficients?: Coefficients;
  eps?: number;
  /** Newton-Schulz iterations, less than 100. */
  nsSteps?: number;
  /** How the learning rate follows the matrix's shape; null is 'original'. */
  adjustLrFn?: 'original' | 'match_rms_adamw' | null;
}

export interface MuonGroup extends ParamGroup, Required<MuonOptions> {}

export interface MuonState extends ParamState {
  momentumBuffer: Tensor;
}

/** Momentum orthogonalised by Newton-Schulz, for matrices (Jordan et al. 2024; torch.optim.Muon). */
export class Muon extends Optimizer<MuonGroup, MuonState> {
  constructor(params: Params | Iterable<ParamGroupInput<MuonGroup>>, options: MuonOptions = {}) {
    const { lr = 1e-3, weightDecay = 0.1, momentum = 0.95, adjustLrFn = null } = options;
    const { nsCoefficients = [3.4445, -4.775, 2.0315] } = options;
    requireOneElement(lr);
    const refuse = (text: string): never => {
      throw new ValueError(text);
    };
    if (!(numberOf(lr) >= 0)) refuse(`Learning rate should be >= 0 but is: ${valueText(lr)}`);
    if (!(momentum >= 0)) refuse(`momentum should be >= 0 but is: ${valueText(momentum)}`);
    if (!(weightDecay >= 0)) refuse(`weight decay should be >= 0 but is: ${valueText(weightDecay)}`);
    if (![null, 'original', 'match_rms_adamw'].includes(adjustLrFn)) {
      refuse(`Adjust learning rate function ${adjustLrFn} is not supported`);
    }
    super(
      params,
      {
        lr,
        weightDecay,
        momentum,
        nesterov: options.nesterov ?? true,
        nsCoefficients: Tuple.of(...nsCoefficients) as unknown as Coefficients,
        eps: options.eps ?? 1e-7,
        nsSteps: options.nsSteps ?? 5,
        adjustLrFn,
      },
      options,
    );
    for (const param of this.paramGroups.flatMap((group) => group.params)) {
      if (param.dim() === 2) continue;
      refuse(
        `Muon only supports 2D parameters whereas we found a parameter with size: ${sizeText(param.shape)}`,
      );
    }
  }

  protected override checkGrad(param: Tensor, grad: Tensor): void {
    if (param.dtype.isComplex) throw new TorchError('Muon does not support complex parameters');
    super.checkGrad(param, grad);
  }

  protected override newState(_param: Tensor, grad: Tensor): MuonState {
    return { momentumBuffer: aten.zerosLike(grad).keep() };
  }

  protected override update(group: MuonGroup): void {
    const { momentum, nesterov, weightDecay } = group;
    const lr = toScalar(group.lr);
    for (const { param, grad, state } of this.entries(group)) {
      scope(() => {
        const buffer = state.momentumBuffer;
        buffer.lerp_(grad, 1 - momentum);
        const update = zeroPower(nesterov ? grad.lerp(buffer, momentum) : buffer, group);
        param.mul_(minus(1, times(lr, weightDecay)));
        param.add_(update, { alpha: -numberOf(times(lr, ratio(param.shape, group))) });
      });
    }
  }
}

/** The nearest orthogonal matrix, roughly, in bfloat16 (`_zeropower_via_newtonschulz`). */
function zeroPower(grad: Tensor, { nsCoefficients: [a, b, c], nsSteps, eps }: MuonGroup): Tensor {
  if (nsSteps >= 100) {
    throw new ValueError('Number of steps must be less than 100 for computational efficiency');
  }
  const [rows, columns] = grad.shape as [number, number];
  let ortho = grad.to({ dtype: bfloat16 });
  if (rows > columns) ortho = ortho.T;
  ortho.div_(norm(ortho).clamp({ min: eps }));
  for (let i = 0; i < nsSteps; i++) {
    const gram = ortho.matmul(ortho.T);
    const update = aten.addmm(gram, gram, gram, { beta: b, alpha: c });
    ortho = aten.addmm(ortho, update, ortho, { beta: a });
  }
  return rows > columns ? ortho.T : ortho;
}

function ratio(shape: readonly number[], { adjustLrFn }: MuonGroup): number {
  const [rows, columns] = shape as [number, number];
  return adjustLrFn === 'match_rms_adamw'
    ? 0.2 * Math.sqrt(Math.max(rows, columns))
    : Math.sqrt(Math.max(1, rows / columns));
}
