import '../tensor-python.js';

export { Adam, type AdamGroup, type AdamOptions, type AdamState } from './adam.js';
export * as lrScheduler from './lr-scheduler.js';
export { Optimizer, type OptimizerStateDict, type ParamState } from './optimizer.js';
export type { ParamGroup, ParamGroupInput, Params } from './param-group.js';
export { SGD, type SGDGroup, type SGDOptions, type SGDState } from './sgd.js';
