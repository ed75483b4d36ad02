import '../tensor-python.js';

export { Adadelta, type AdadeltaGroup, type AdadeltaOptions, type AdadeltaState } from './adadelta.js';
export { Adafactor, type AdafactorGroup, type AdafactorOptions, type AdafactorState } from './adafactor.js';
export { Adagrad, type AdagradGroup, type AdagradOptions, type AdagradState } from './adagrad.js';
export { Adam, type AdamGroup, type AdamOptions, type AdamState } from './adam.js';
export { Adamax, type AdamaxGroup, type AdamaxOptions, type AdamaxState } from './adamax.js';
export { AdamW, type AdamWOptions } from './adamw.js';
export { ASGD, type ASGDGroup, type ASGDOptions, type ASGDState } from './asgd.js';
export type { Hyperparameter } from './hyperparameter.js';
export { LBFGS, type LBFGSGroup, type LBFGSOptions, type LBFGSState } from './lbfgs.js';
export * as lrScheduler from './lr-scheduler.js';
export { Muon, type MuonGroup, type MuonOptions, type MuonState } from './muon.js';
export { NAdam, type NAdamGroup, type NAdamOptions, type NAdamState } from './nadam.js';
export {
  Optimizer,
  type OptimizerStateDict,
  type ParamState,
  registerOptimizerStepPostHook,
  registerOptimizerStepPreHook,
  type StateDictChange,
  type StateDictHook,
  type StepPostHook,
  type StepPreHook,
} from './optimizer.js';
export type { ParamGroup, ParamGroupInput, Params } from './param-group.js';
export { RAdam, type RAdamGroup, type RAdamOptions, type RAdamState } from './radam.js';
export { RMSprop, type RMSpropGroup, type RMSpropOptions, type RMSpropState } from './rmsprop.js';
export { Rprop, type RpropGroup, type RpropOptions, type RpropState } from './rprop.js';
export { SGD, type SGDGroup, type SGDOptions, type SGDState } from './sgd.js';
export {
  SparseAdam,
  type SparseAdamGroup,
  type SparseAdamOptions,
  type SparseAdamState,
} from './sparse-adam.js';
