import { type DeviceLike, device as deviceOf } from '../device.js';
import { DeviceError, ValueError } from '../errors.js';
import { native } from '../native.js';

/** A device by its number, its name, or as a Device; without one the current device is meant. */
export type CudaDevice = DeviceLike | number | null;

/** A CUDA build of libtorch that sees at least one device. */
export function isAvailable(): boolean {
  return native.cudaDeviceCount() > 0;
}

export function deviceCount(): number {
  return native.cudaDeviceCount();
}

let initialized = false;

export function isInitialized(): boolean {
  return initialized;
}

/** Brings CUDA up, which every function that needs it does. Throws DeviceError where there is none. */
export function init(): void {
  if (initialized) return;
  if (!native.versions().cuda) throw new DeviceError('Torch not compiled with CUDA enabled');
  native.cudaInit();
  initialized = true;
}

/** The number that a device stands for; undefined for the current one. Throws ValueError for other kinds. */
export function numberOf(device: CudaDevice | undefined): number | undefined {
  if (device === undefined || device === null) return undefined;
  if (typeof device === 'number') return device;
  const { type, index } = deviceOf(device);
  if (type !== 'cuda') throw new ValueError(`Expected a cuda device, but got: ${device}`);
  return index ?? undefined;
}

export function currentDevice(): number {
  init();
  return native.cudaCurrentDevice();
}

/** {@link numberOf}, or the current device's number. */
export function indexOf(device: CudaDevice | undefined): number {
  init();
  return numberOf(device) ?? native.cudaCurrentDevice();
}

/** Makes the device the current one of this thread; negative numbers do nothing. */
export function setDevice(device: CudaDevice): void {
  const index = numberOf(device);
  if (index !== undefined && index < 0) return;
  native.cudaSetDevice(indexOf(index));
}

/** Waits for everything on the device. */
export function synchronize(device?: CudaDevice): void {
  native.cudaSynchronize(indexOf(device));
}
