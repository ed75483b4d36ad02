// Switches of libtorch. All of them are per process; see ARCHITECTURE.md.

import { ValueError } from './errors.js';
import { native } from './native.js';

/** Threads of one operator (torch.get_num_threads); per process, taken up by each thread at its first operator. */
export function getNumThreads(): number {
  return native.threads();
}

export function setNumThreads(count: number): void {
  if (!Number.isSafeInteger(count) || count < 1 || count > 65_535) {
    throw new ValueError(`setNumThreads expects a positive integer, got ${count}`);
  }
  native.setThreads(count);
}

/** Refuses operators that have no deterministic form (torch.use_deterministic_algorithms). */
export function useDeterministicAlgorithms(mode: boolean, { warnOnly = false } = {}): void {
  native.setDeterministic(mode, warnOnly);
}

export function areDeterministicAlgorithmsEnabled(): boolean {
  return native.flag('deterministic');
}

function flags<Name extends string>(module: string, ...names: Name[]): { [key in Name]: boolean } {
  const all = {} as { [key in Name]: boolean };
  for (const name of names) {
    const key = `${module}.${name}`;
    Object.defineProperty(all, name, {
      get: () => native.flag(key),
      set: (value: boolean) => native.setFlag(key, value),
      enumerable: true,
    });
  }
  return all;
}

/** Off at load: it supports few processors and prints dozens of warnings per forward on the others. */
export const nnpack = flags('nnpack', 'enabled');
export const mkldnn = flags('mkldnn', 'enabled', 'deterministic');
export const cudnn = flags('cudnn', 'enabled', 'benchmark', 'deterministic');

export const cuda = {
  /** A CUDA build of libtorch that sees at least one device. */
  isAvailable(): boolean {
    return native.cudaDeviceCount() > 0;
  },
  deviceCount(): number {
    return native.cudaDeviceCount();
  },
};

/** What is loaded: libtorch's version, its build configuration, its threading report, whether it has CUDA kernels. */
export function versions(): { torch: string; config: string; parallel: string; cuda: boolean } {
  return native.versions();
}
