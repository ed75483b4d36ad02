import { TorchError } from '../errors.js';
import { aten } from '../operators/ops.js';
import type { Tensor } from '../tensor.js';
import type { AdamGroup, AdamState } from './adam.js';
import { toScalar } from './hyperparameter.js';
import type { Entry } from './implementation.js';

/** What a GradScaler left for the kernels. */
interface Scaling {
  gradScale?: Tensor;
  foundInf?: Tensor;
}

/** One call of libtorch's kernel for parameters of one device and dtype. */
export function fusedAdam(entries: Entry<AdamState>[], group: AdamGroup, scaling: Scaling): void {
  if (group.differentiable) throw new TorchError('Adam with fused=True does not support differentiable=True');
  const [{ param }] = entries as [Entry<AdamState>];
  const { device } = param;
  const steps = entries.map(({ state }) => state.step);
  const [beta1, beta2] = group.betas.map(toScalar) as [number, number];
  const foundInf = scaling.foundInf?.to({ device }) ?? null;
  aten._foreachAdd_(steps, 1);
  const kernel = group.decoupledWeightDecay ? aten._fusedAdamw_ : aten._fusedAdam_;
  kernel(
    entries.map((entry) => entry.param),
    entries.map(({ grad }) => grad),
    entries.map(({ state }) => state.expAvg),
    entries.map(({ state }) => state.expAvgSq),
    group.amsgrad ? entries.map(({ state }) => state.maxExpAvgSq as Tensor) : [],
    steps,
    {
      amsgrad: group.amsgrad,
      lr: group.lr as number,
      beta1,
      beta2,
      weightDecay: group.weightDecay,
      eps: group.eps,
      maximize: group.maximize,
      gradScale: scaling.gradScale?.to({ device }) ?? null,
      foundInf,
    },
  );
  if (foundInf)
    aten._foreachSub_(
      steps,
      steps.map(() => foundInf),
    );
}
