// The public index: exports only.

import './tensor-casts.js';
import './functional/tensor-methods.js';
import './tensor-python.js';

export * as amp from './amp/index.js';
export { autocast, getAutocastDtype, isAutocastEnabled } from './amp/index.js';
export {
  CheckpointError,
  type CheckpointOptions,
  checkpoint,
  checkpointSequential,
} from './autograd/checkpoint.js';
export * as autograd from './autograd/index.js';
export {
  enableGrad,
  inferenceMode,
  isGradEnabled,
  isInferenceModeEnabled,
  noGrad,
  setGradEnabled,
} from './autograd/index.js';
export * as backends from './backends.js';
export {
  areDeterministicAlgorithmsEnabled,
  getDeterministicDebugMode,
  getFloat32MatmulPrecision,
  getNumThreads,
  isDeterministicAlgorithmsWarnOnlyEnabled,
  setCppTraces,
  setDeterministicDebugMode,
  setFloat32MatmulPrecision,
  setNumThreads,
  useDeterministicAlgorithms,
  versions,
} from './backends.js';
export { Complex } from './complex.js';
export { asTensor, fromTypedArray, type TensorData, type TensorOptions, tensor } from './creation.js';
export * as cuda from './cuda/index.js';
export * as data from './data/index.js';
export { getDefaultDevice, setDefaultDevice, withDevice } from './default-device.js';
export { Device, type DeviceLike, device } from './device.js';
export * from './dtype.js';
export * from './errors.js';
export { broadcastShapes, broadcastTensors } from './functional/broadcast.js';
export {
  atleast1d,
  atleast2d,
  atleast3d,
  blockDiag,
  type CdistOptions,
  cartesianProd,
  cdist,
  einsum,
  meshgrid,
  nonzero,
  spmm,
  tensordot,
  unravelIndex,
} from './functional/index.js';
export { type LowrankOptions, lu, pcaLowrank, svdLowrank } from './functional/lowrank.js';
export { type NormOptions, norm } from './functional/norm.js';
export * as signal from './functional/signal.js';
export { type StftOptions, stft } from './functional/spectral.js';
export {
  type UniqueConsecutiveOptions,
  type UniqueOptions,
  unique,
  uniqueConsecutive,
} from './functional/unique.js';
export * as fft from './generated/fft.js';
export * from './generated/functions.js';
export * as linalg from './generated/linalg.js';
export * as special from './generated/special.js';
export { ellipsis, newaxis, Slice, slice, type TensorIndex } from './indexing.js';
export * as jit from './jit/index.js';
export * from './layout.js';
export * as masked from './masked/index.js';
export * as math from './math.js';
export { e, inf, nan, pi } from './math.js';
export * from './memory.js';
export * from './memory-format.js';
export * as models from './models/index.js';
export * as func from './nn/func.js';
export * as nn from './nn/index.js';
export { aten, schemas } from './operators/ops.js';
export { Recording, type RecordOptions, record } from './operators/record.js';
export { type OperatorNamespace, type OperatorPacket, ops } from './operators/registered.js';
export * as optim from './optim/index.js';
export { OrderedDict } from './ordered-dict.js';
export * as parity from './parity/index.js';
export {
  getPrintoptions,
  type PrintOptions,
  printoptions,
  setPrintoptions,
} from './printing/print-options.js';
export * as profiler from './profiler/index.js';
export * as random from './random.js';
export { defaultGenerator, Generator, getRngState, initialSeed, manualSeed, setRngState } from './random.js';
export { float, TorchFloat } from './scalar.js';
export * as serialization from './serialization/index.js';
export { load, save } from './serialization/index.js';
export * as numpy from './serialization/numpy/index.js';
export * as safetensors from './serialization/safetensors/index.js';
export { adopt, type SharedTensor, share } from './sharing.js';
export * as sparse from './sparse.js';
export * as swaUtils from './swa/index.js';
export { isTensor, Tensor } from './tensor.js';
export { oldestTensors, type TracedTensor, tensorsByLine, traceTensors } from './tensor-trace.js';
export * as testing from './testing.js';
export { type FloatInfo, finfo, type IntegerInfo, iinfo } from './type-info.js';
export type { TypedArray } from './typed-arrays.js';
export * as vision from './vision/index.js';
export * as weights from './weights/index.js';
