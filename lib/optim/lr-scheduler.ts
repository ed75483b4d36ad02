// torch.optim.lr_scheduler: the recursive forms exactly as Python computes them.

export { ChainedScheduler, SequentialLR } from './lr-scheduler/combined.js';
export { CosineAnnealingLR, type CosineAnnealingLROptions } from './lr-scheduler/cosine-annealing-lr.js';
export { CyclicLR, type CyclicLROptions } from './lr-scheduler/cyclic-lr.js';
export { LambdaLR, type LRLambda, MultiplicativeLR } from './lr-scheduler/lambda-lr.js';
export {
  ConstantLR,
  type ConstantLROptions,
  LinearLR,
  type LinearLROptions,
  PolynomialLR,
  type PolynomialLROptions,
} from './lr-scheduler/linear-lr.js';
export { LRScheduler, type LRSchedulerOptions } from './lr-scheduler/lr-scheduler.js';
export { OneCycleLR, type OneCycleLROptions } from './lr-scheduler/one-cycle-lr.js';
export { ReduceLROnPlateau, type ReduceLROnPlateauOptions } from './lr-scheduler/reduce-lr-on-plateau.js';
export { Scheduler } from './lr-scheduler/scheduler.js';
export { ExponentialLR, MultiStepLR, StepLR, type StepLROptions } from './lr-scheduler/step-lr.js';
export { SWALR, type SWALROptions } from './lr-scheduler/swalr.js';
export {
  CosineAnnealingWarmRestarts,
  type CosineAnnealingWarmRestartsOptions,
} from './lr-scheduler/warm-restarts.js';
