import { inMode, type Mode } from '../modes.js';
import { native } from '../native.js';
import { type CudaDevice, currentDevice, indexOf, init, isAvailable, numberOf } from './initialization.js';

/** What a device says of itself; sizes in bytes, rates in kHz. */
export interface DeviceProperties {
  readonly name: string;
  readonly major: number;
  readonly minor: number;
  readonly totalMemory: number;
  readonly multiProcessorCount: number;
  readonly maxThreadsPerBlock: number;
  readonly maxThreadsPerMultiProcessor: number;
  readonly regsPerMultiprocessor: number;
  readonly sharedMemoryPerBlock: number;
  readonly sharedMemoryPerBlockOptin: number;
  readonly sharedMemoryPerMultiprocessor: number;
  readonly warpSize: number;
  readonly L2CacheSize: number;
  readonly clockRate: number;
  readonly memoryClockRate: number;
  readonly memoryBusWidth: number;
  readonly isIntegrated: boolean;
  readonly isMultiGpuBoard: boolean;
  readonly pciBusId: number;
  readonly pciDeviceId: number;
  readonly pciDomainId: number;
}

/** From CUDA's driver; numbers count the visible devices, as everywhere. */
export function getDeviceProperties(device?: CudaDevice): DeviceProperties {
  const { isIntegrated, isMultiGpuBoard, ...numbers } = native.cudaProperties(indexOf(device));
  return {
    ...(numbers as unknown as DeviceProperties),
    isIntegrated: isIntegrated === 1,
    isMultiGpuBoard: isMultiGpuBoard === 1,
  };
}

export function getDeviceName(device?: CudaDevice): string {
  return getDeviceProperties(device).name;
}

/** [major, minor] of the compute capability. */
export function getDeviceCapability(device?: CudaDevice): [number, number] {
  const { major, minor } = getDeviceProperties(device);
  return [major, minor];
}

/** Whether the current device computes in bfloat16; false without CUDA. */
export function isBf16Supported(): boolean {
  return isAvailable() && getDeviceProperties().major >= 8;
}

/** The device is the current one inside (torch.cuda.device); without a body, until the answer is disposed. */
export function device(device: CudaDevice): Mode;
export function device<T>(device: CudaDevice, body: () => T): T;
export function device<T>(device: CudaDevice, body?: () => T): T | Mode {
  const enter = () => {
    init();
    const before = currentDevice();
    native.cudaSetDevice(numberOf(device) ?? before);
    return () => native.cudaSetDevice(before);
  };
  return inMode('cuda.device', enter, body);
}
