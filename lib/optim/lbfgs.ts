import { enableGrad, noGrad } from '../autograd/index.js';
import { TorchError, ValueError } from '../errors.js';
import { sparseCoo } from '../layout.js';
import { scope } from '../memory.js';
import { contiguousFormat } from '../memory-format.js';
import { aten } from '../operators/ops.js';
import { floorDiv } from '../python-number.js';
import { isTensor, type Tensor } from '../tensor.js';
import { requireNonNegative } from './checks.js';
import {
  type Hyperparameter,
  less,
  minus,
  numberOf,
  over,
  requireOneElement,
  times,
  toScalar,
} from './hyperparameter.js';
import { real } from './implementation.js';
import { Optimizer, type ParamState } from './optimizer.js';
import type { ParamGroup, ParamGroupInput, Params } from './param-group.js';
import { strongWolfe } from './strong-wolfe.js';

export interface LBFGSOptions {
  lr?: Hyperparameter;
  /** Iterations of one step. */
  maxIter?: number;
  /** Evaluations of one step; null: 5/4 of the iterations. */
  maxEval?: number | null;
  toleranceGrad?: number;
  toleranceChange?: number;
  historySize?: number;
  lineSearchFn?: 'strong_wolfe' | null;
}

export interface LBFGSGroup extends ParamGroup, Required<LBFGSOptions> {
  maxEval: number;
}

/** What a step needs of the one before. */
type Memory = Required<
  Pick<LBFGSState, 'd' | 't' | 'oldDirs' | 'oldStps' | 'ro' | 'HDiag' | 'prevFlatGrad' | 'prevLoss'>
>;

/** All of it belongs to the first parameter, as in Python. */
export interface LBFGSState extends ParamState {
  funcEvals: number;
  nIter: number;
  al?: (Tensor | null)[];
  d?: Tensor;
  t?: Hyperparameter;
  oldDirs?: Tensor[];
  oldStps?: Tensor[];
  ro?: Tensor[];
  HDiag?: Hyperparameter;
  prevFlatGrad?: Tensor;
  prevLoss?: number;
}

/** Limited-memory BFGS over all parameters at once (torch.optim.LBFGS, after minFunc). `step` needs its closure. */
export class LBFGS extends Optimizer<LBFGSGroup, LBFGSState> {
  constructor(params: Params | Iterable<ParamGroupInput<LBFGSGroup>>, options: LBFGSOptions = {}) {
    const { lr = 1, maxIter = 20, maxEval = null, toleranceGrad = 1e-7, toleranceChange = 1e-9 } = options;
    const { historySize = 100, lineSearchFn = null } = options;
    requireOneElement(lr);
    requireNonNegative('learning rate', lr);
    super(
      params,
      {
        lr,
        maxIter,
        maxEval: maxEval ?? floorDiv(maxIter * 5, 4),
        toleranceGrad,
        toleranceChange,
        historySize,
        lineSearchFn,
      },
      options,
    );
    if (this.paramGroups.length !== 1) {
      throw new ValueError("LBFGS doesn't support per-parameter options (parameter groups)");
    }
  }

  get #params(): Tensor[] {
    return (this.paramGroups[0] as LBFGSGroup).params;
  }

  protected override update(): void {}

  protected override stepOnce<T>(closure: (() => T) | undefined): T {
    if (!closure) throw new TypeError("LBFGS.step() missing 1 required positional argument: 'closure'");
    return noGrad(() =>
      scope(() => {
        try {
          return this.#minimize(() => scope(() => enableGrad(closure)));
        } finally {
          for (const state of this.state.values()) keepAll(state);
        }
      }),
    );
  }

  #flatGrad(): Tensor {
    const views = this.#params.map((param) => {
      const { grad } = param;
      if (!grad) return real(aten.zerosLike(param)).reshape(-1);
      return real((grad.layout === sparseCoo ? grad.toDense() : grad).view(-1)).view(-1);
    });
    return aten.cat(views, 0);
  }

  #add(size: Hyperparameter, direction: Tensor): void {
    let offset = 0;
    for (const given of this.#params) {
      const param = real(given);
      const numel = param.numel();
      param.add_(direction.narrow(0, offset, numel).viewAs(param), { alpha: numberOf(size) });
      offset += numel;
    }
  }

  #evaluateAt(evaluate: () => unknown, start: Tensor[], t: Hyperparameter, d: Tensor): [number, Tensor] {
    this.#add(t, d);
    const loss = lossOf(evaluate());
    const flatGrad = this.#flatGrad();
    for (const [index, param] of this.#params.entries()) param.copy_(start[index] as Tensor);
    return [loss, flatGrad];
  }

  #minimize<T>(evaluate: () => T): T {
    const group = this.paramGroups[0] as LBFGSGroup;
    const { maxIter, maxEval, toleranceGrad, toleranceChange, lineSearchFn, historySize } = group;
    const lr = toScalar(group.lr);
    const first = this.#params[0] as Tensor;
    const state: LBFGSState = this.state.get(first) ?? { funcEvals: 0, nIter: 0 };
    this.state.set(first, state);
    const firstLoss = evaluate();
    let loss = lossOf(firstLoss);
    let evaluations = 1;
    state.funcEvals += 1;
    let flatGrad = this.#flatGrad();
    const isFlat = () => isTrue(largest(flatGrad).le(toleranceGrad));
    if (isFlat()) return firstLoss;

    // As in Python a step works on its own names, and puts them into the state at its end, `al` excepted.
    const { d, t, oldDirs, oldStps, ro, HDiag, prevFlatGrad, prevLoss } = state as Memory;
    const memory = { d, t, oldDirs, oldStps, ro, HDiag, prevFlatGrad, prevLoss };
    for (let iteration = 1; iteration <= maxIter; iteration++) {
      state.nIter += 1;
      if (state.nIter === 1) {
        memory.d = flatGrad.neg();
        [memory.oldDirs, memory.oldStps, memory.ro, memory.HDiag] = [[], [], [], 1];
      } else {
        state.al ??= Array.from({ length: historySize }, () => null);
        memory.d = direction(memory, state.al, flatGrad, historySize);
      }
      if (memory.prevFlatGrad) memory.prevFlatGrad.copy_(flatGrad);
      else memory.prevFlatGrad = flatGrad.clone({ memoryFormat: contiguousFormat });
      memory.prevLoss = loss;
      memory.t = state.nIter === 1 ? firstStep(flatGrad, lr) : lr;
      const slope = flatGrad.dot(memory.d);
      if (isTrue(slope.gt(-toleranceChange))) break;

      let spent = 0;
      let flat = false;
      if (lineSearchFn !== null) {
        if (lineSearchFn !== 'strong_wolfe') throw new TorchError("only 'strong_wolfe' is supported");
        const start = this.#params.map((param) => param.clone({ memoryFormat: contiguousFormat }));
        const found = strongWolfe((t, d) => this.#evaluateAt(evaluate, start, t, d), {
          t: memory.t,
          d: memory.d,
          f: loss,
          g: flatGrad,
          gtd: slope,
          maxLs: maxEval - evaluations,
        });
        [loss, flatGrad, memory.t, spent] = [found.f, found.g, found.t, found.evaluations];
        this.#add(memory.t, memory.d);
        flat = isFlat();
      } else {
        this.#add(memory.t, memory.d);
        if (iteration !== maxIter) {
          loss = lossOf(evaluate());
          flatGrad = this.#flatGrad();
          flat = isFlat();
          spent = 1;
        }
      }
      evaluations += spent;
      state.funcEvals += spent;
      if (iteration === maxIter || evaluations >= maxEval || flat) break;
      if (isTrue(largest(times(memory.d, memory.t) as Tensor).le(toleranceChange))) break;
      if (Math.abs(loss - memory.prevLoss) < toleranceChange) break;
    }
    Object.assign(state, memory);
    return firstLoss;
  }
}

const isTrue = (tensor: Tensor): boolean => Boolean(tensor.item());
const largest = (tensor: Tensor): Tensor => tensor.abs().max();
const lossOf = (loss: unknown): number => (isTensor(loss) ? Number(loss.item()) : Number(loss));

function firstStep(flatGrad: Tensor, lr: Hyperparameter): Hyperparameter {
  const inverse = over(1, flatGrad.abs().sum());
  return times(less(inverse, 1) ? inverse : 1, lr);
}

/** The quasi-Newton direction by the two-loop recursion; remembers the last step first. */
function direction(memory: Memory, al: (Tensor | null)[], flatGrad: Tensor, historySize: number): Tensor {
  const { oldDirs, oldStps, ro } = memory;
  const y = flatGrad.sub(memory.prevFlatGrad);
  const s = times(memory.d, memory.t) as Tensor;
  const ys = y.dot(s);
  if (isTrue(ys.gt(1e-10))) {
    if (oldDirs.length === historySize) for (const list of [oldDirs, oldStps, ro]) list.shift();
    oldDirs.push(y);
    oldStps.push(s);
    ro.push(over(1, ys) as Tensor);
    memory.HDiag = ys.div(y.dot(y));
  }
  const q = flatGrad.neg();
  for (let i = oldDirs.length - 1; i >= 0; i--) {
    const alpha = (oldStps[i] as Tensor).dot(q).mul(ro[i] as Tensor);
    al[i] = alpha;
    q.add_(oldDirs[i] as Tensor, { alpha: -Number(alpha.item()) });
  }
  const r = q.mul(memory.HDiag);
  for (let i = 0; i < oldDirs.length; i++) {
    const beta = (oldDirs[i] as Tensor).dot(r).mul(ro[i] as Tensor);
    r.add_(oldStps[i] as Tensor, { alpha: numberOf(minus(al[i] as Tensor, beta)) });
  }
  return r;
}

/** The state outlives the step. */
function keepAll(state: LBFGSState): void {
  for (const value of Object.values(state).flat()) if (isTensor(value)) value.keep();
}
