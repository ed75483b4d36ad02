// The public index: exports only.

import './tensor-python.js';

export * as autograd from './autograd.js';
export { enableGrad, inferenceMode, isGradEnabled, isInferenceModeEnabled, noGrad, setGradEnabled } from './autograd.js';
export * as backends from './backends.js';
export {
  areDeterministicAlgorithmsEnabled,
  cuda,
  getNumThreads,
  setNumThreads,
  useDeterministicAlgorithms,
  versions,
} from './backends.js';
export { Complex } from './complex.js';
export { fromTypedArray, tensor } from './creation.js';
export { Device, type DeviceLike, device } from './device.js';
export * from './dtype.js';
export * from './errors.js';
export * from './generated/functions.js';
export * from './layout.js';
export * from './memory.js';
export * from './memory-format.js';
export { schemas } from './ops.js';
export * from './random.js';
export { float, TorchFloat } from './scalar.js';
export { isTensor, Tensor } from './tensor.js';
