// torch.autograd.

export { detectAnomaly, isAnomalyCheckNanEnabled, isAnomalyEnabled, setDetectAnomaly } from './anomaly.js';
export * from './backward.js';
export * as function from './function.js';
export * as functional from './functional.js';
export { GradcheckError, type GradcheckOptions, gradcheck } from './gradcheck.js';
export { type GradgradcheckOptions, gradgradcheck } from './gradgradcheck.js';
export { type SavedTensorsHooks, savedTensorsHooks, saveOnCpu } from './saved-tensors-hooks.js';
