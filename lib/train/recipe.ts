import { Adam, lrScheduler, type Optimizer, SGD } from '../optim/index.js';
import type { Tensor } from '../tensor.js';
import type { Plan } from './options.js';

export function makeOptimizer(parameters: Iterable<Tensor>, { optimizer, lr }: Plan): Optimizer {
  return optimizer === 'adam' ? new Adam(parameters, { lr }) : new SGD(parameters, { lr, momentum: 0.9 });
}

/** Stepped after every optimizer step; `steps` is how many the whole run has. */
export function makeScheduler(optimizer: Optimizer, { schedule }: Plan, steps: number): lrScheduler.LRScheduler {
  if (schedule === 'cosine') return new lrScheduler.CosineAnnealingLR(optimizer, steps);
  if (schedule === 'step') return new lrScheduler.StepLR(optimizer, Math.ceil(steps / 3));
  return new lrScheduler.LambdaLR(optimizer, () => 1);
}
