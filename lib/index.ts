// The public index: exports only.

import './tensor-python.js';

export * as autograd from './autograd.js';
export {
  enableGrad,
  inferenceMode,
  isGradEnabled,
  isInferenceModeEnabled,
  noGrad,
  setGradEnabled,
} from './autograd.js';
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
export { fromTypedArray, type TensorData, type TensorOptions, tensor } from './creation.js';
export * as data from './data/index.js';
export { Device, type DeviceLike, device } from './device.js';
export * from './dtype.js';
export * from './errors.js';
export * from './generated/functions.js';
export * from './layout.js';
export * from './memory.js';
export * from './memory-format.js';
export * as models from './models/index.js';
export * as nn from './nn/index.js';
export { aten, schemas } from './ops.js';
export * as optim from './optim/index.js';
export { OrderedDict } from './ordered-dict.js';
export { getPrintoptions, type PrintOptions, printoptions, setPrintoptions } from './print-options.js';
export * as random from './random.js';
export { defaultGenerator, Generator, getRngState, initialSeed, manualSeed, setRngState } from './random.js';
export { float, TorchFloat } from './scalar.js';
export * as serialization from './serialization/index.js';
export { load, save } from './serialization/index.js';
export * as safetensors from './serialization/safetensors/index.js';
export { isTensor, Tensor } from './tensor.js';
export type { TypedArray } from './typed-arrays.js';
export * as vision from './vision/index.js';
