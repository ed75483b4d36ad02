// torch.cuda. Without CUDA each function answers, or refuses, as Python's.

export {
  type CudaDevice,
  currentDevice,
  deviceCount,
  init,
  isAvailable,
  isInitialized,
  setDevice,
  synchronize,
} from './initialization.js';
export {
  emptyCache,
  type MemoryStats,
  maxMemoryAllocated,
  maxMemoryReserved,
  memGetInfo,
  memoryAllocated,
  memoryReserved,
  memoryStats,
  memorySummary,
  resetAccumulatedMemoryStats,
  resetPeakMemoryStats,
} from './memory.js';
export {
  type DeviceProperties,
  device,
  getDeviceCapability,
  getDeviceName,
  getDeviceProperties,
  isBf16Supported,
} from './properties.js';
export { getRngState, manualSeed, manualSeedAll, setRngState } from './random.js';
export {
  currentStream,
  defaultStream,
  Event,
  recordStream,
  Stream,
  type StreamOptions,
  setStream,
  stream,
} from './stream.js';
