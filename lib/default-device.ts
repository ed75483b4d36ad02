// Where tensors are made when no device is named (torch.set_default_device, `with torch.device(...)`).

import { type Device, type DeviceLike, device as deviceOf } from './device.js';
import { inMode, type Mode } from './modes.js';

let current: Device | null = null;

/** The device that factory functions get where none is given; null stands for the CPU. Per thread of JavaScript. */
export function setDefaultDevice(device: DeviceLike | null): void {
  current = device === null ? null : deviceOf(device);
}

export function getDefaultDevice(): Device {
  return current ?? deviceOf('cpu');
}

/**
 * Tensors made inside live on the device (Python's `with torch.device(...)`): `withDevice('meta', () => new Model())`.
 * Without a body, until the answer is disposed.
 */
export function withDevice(device: DeviceLike): Mode;
export function withDevice<T>(device: DeviceLike, body: () => T): T;
export function withDevice<T>(device: DeviceLike, body?: () => T): T | Mode {
  const wanted = deviceOf(device);
  const enter = () => {
    const before = current;
    current = wanted;
    return () => {
      current = before;
    };
  };
  return inMode('withDevice', enter, body);
}

/** What a factory function adds to its options; undefined where nothing was set. */
export function chosenDevice(): Device | undefined {
  return current ?? undefined;
}

/** The factories that heed it: `*_like` and `new_*` follow their tensor (torch.utils._device). */
export const heeding: ReadonlySet<string> = new Set(
  `empty empty_permuted empty_strided empty_quantized ones arange bartlett_window blackman_window eye fft_fftfreq
  fft_rfftfreq full hamming_window hann_window kaiser_window linspace logspace rand randn randint randperm range
  sparse_coo_tensor sparse_compressed_tensor sparse_csr_tensor sparse_csc_tensor sparse_bsr_tensor sparse_bsc_tensor
  tril_indices triu_indices zeros scalar_tensor`.split(/\s+/),
);
