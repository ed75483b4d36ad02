import { native } from '../native.js';
import { seedBits } from '../random.js';
import { cudaRngState, setCudaRngState } from '../rng-states.js';
import type { Tensor } from '../tensor.js';
import { type CudaDevice, currentDevice, indexOf, isAvailable } from './initialization.js';

const all = -1;

/** Seeds the generator of the current device; nothing happens where there is no CUDA. */
export function manualSeed(seed: number | bigint): void {
  const bits = seedBits(seed);
  if (isAvailable()) native.cudaSeedAll(bits, currentDevice());
}

/** Seeds the generators of all devices. */
export function manualSeedAll(seed: number | bigint): void {
  const bits = seedBits(seed);
  if (isAvailable()) native.cudaSeedAll(bits, all);
}

/** The state of the device's default generator, as uint8. */
export function getRngState(device?: CudaDevice): Tensor {
  return cudaRngState(indexOf(device));
}

export function setRngState(newState: Tensor, device?: CudaDevice): void {
  setCudaRngState(newState, indexOf(device));
}
