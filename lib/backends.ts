// torch.backends: switches of libtorch. All of them are per process; see ARCHITECTURE.md.

import { TorchError, ValueError } from './errors.js';
import { native, type Versions } from './native.js';
import { requireNames } from './options.js';

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

/**
 * Refuses operators that have no deterministic form, or warns of them (torch.use_deterministic_algorithms). On CUDA
 * some need the environment variable CUBLAS_WORKSPACE_CONFIG=:4096:8 from the start.
 */
export function useDeterministicAlgorithms(mode: boolean, options: { warnOnly?: boolean } = {}): void {
  requireNames(useDeterministicAlgorithms, options, { warnOnly: true });
  const { warnOnly = false } = options;
  native.setDeterministic(mode, warnOnly);
}

export function areDeterministicAlgorithmsEnabled(): boolean {
  return native.flag('deterministic');
}

export function isDeterministicAlgorithmsWarnOnlyEnabled(): boolean {
  return native.flag('deterministic.warnOnly');
}

const debugModes = ['default', 'warn', 'error'];

/** 0 or 'default', 1 or 'warn', 2 or 'error' (torch.set_deterministic_debug_mode). */
export function setDeterministicDebugMode(mode: number | string): void {
  const level = typeof mode === 'string' ? debugModes.indexOf(mode) : mode;
  if (level !== 0 && level !== 1 && level !== 2) {
    const expected = typeof mode === 'string' ? 'one of `default`, `warn`, `error`' : '0, 1, or 2';
    throw new TorchError(`invalid value of debug_mode, expected ${expected}, but got ${mode}`);
  }
  native.setDeterministic(level > 0, level === 1);
}

export function getDeterministicDebugMode(): 0 | 1 | 2 {
  if (!areDeterministicAlgorithmsEnabled()) return 0;
  return isDeterministicAlgorithmsWarnOnlyEnabled() ? 1 : 2;
}

export type MatmulPrecision = 'highest' | 'high' | 'medium';

/** What float32 matrix products may be computed in: float32; TF32 or three bfloat16; bfloat16. */
export function setFloat32MatmulPrecision(precision: MatmulPrecision): void {
  native.setOption('float32MatmulPrecision', precision);
}

export function getFloat32MatmulPrecision(): MatmulPrecision {
  return native.option('float32MatmulPrecision') as MatmulPrecision;
}

/** Whether errors carry libtorch's C++ trace as `cppTrace`; also LIBTORCH_NODE_CPP_TRACE=1. Costs milliseconds each. */
export function setCppTraces(enabled: boolean): void {
  native.setFlag('cppTraces', enabled);
}

type Accessors<Name extends string, Value> = { [key in Name]: Value };

function accessors<Name extends string, Value>(
  names: readonly Name[],
  read: (name: Name) => Value,
  write: (name: Name, value: Value) => void,
): Accessors<Name, Value> {
  const all = {} as Accessors<Name, Value>;
  for (const name of names) {
    const descriptor = { get: () => read(name), set: (value: Value) => write(name, value), enumerable: true };
    Object.defineProperty(all, name, descriptor);
  }
  return all;
}

function flags<Name extends string>(module: string, ...names: Name[]): Accessors<Name, boolean> {
  return accessors(
    names,
    (name) => native.flag(`${module}.${name}`),
    (name, value) => native.setFlag(`${module}.${name}`, value),
  );
}

/** 'ieee', 'tf32', 'bf16', or 'none' for what stands above it. */
export type Fp32Precision = 'ieee' | 'tf32' | 'bf16' | 'none';

function precision(module: string): Accessors<'fp32Precision', Fp32Precision> {
  return accessors(
    ['fp32Precision'],
    () => native.option(`${module}.fp32Precision`) as Fp32Precision,
    (_, value) => native.setOption(`${module}.fp32Precision`, value),
  );
}

/** Properties of all objects as one; accessors stay accessors. */
function joined<A extends object, B extends object>(a: A, b: B): A & B {
  return Object.defineProperties(a, Object.getOwnPropertyDescriptors(b)) as A & B;
}

/** Off at load: it supports few processors and prints dozens of warnings per forward on the others. */
export const nnpack = flags('nnpack', 'enabled');

export const mkldnn = joined(flags('mkldnn', 'enabled', 'deterministic'), {
  isAvailable: () => native.versions().mkldnn !== 0,
  conv: precision('mkldnn.conv'),
  rnn: precision('mkldnn.rnn'),
  matmul: precision('mkldnn.matmul'),
});

export const cudnn = joined(flags('cudnn', 'enabled', 'benchmark', 'deterministic', 'allowTf32'), {
  isAvailable: () => native.versions().cudnn !== 0,
  /** 92400 for 9.24.0, null without cuDNN. */
  version: (): number | null => native.versions().cudnn || null,
  conv: precision('cudnn.conv'),
  rnn: precision('cudnn.rnn'),
});

const matmul = joined(
  flags(
    'cuda.matmul',
    'allowTf32',
    'allowFp16ReducedPrecisionReduction',
    'allowBf16ReducedPrecisionReduction',
    'allowFp16Accumulation',
  ),
  precision('cuda.matmul'),
);

const attention = flags('cuda', 'flashSdp', 'memEfficientSdp', 'mathSdp', 'cudnnSdp');

export const cuda = {
  /** Whether this libtorch was built with CUDA; `torch.cuda.isAvailable()` says whether there is a device. */
  isBuilt: () => native.versions().cuda,
  matmul,
  flashSdpEnabled: () => attention.flashSdp,
  enableFlashSdp: (enabled: boolean) => {
    attention.flashSdp = enabled;
  },
  memEfficientSdpEnabled: () => attention.memEfficientSdp,
  enableMemEfficientSdp: (enabled: boolean) => {
    attention.memEfficientSdp = enabled;
  },
  mathSdpEnabled: () => attention.mathSdp,
  enableMathSdp: (enabled: boolean) => {
    attention.mathSdp = enabled;
  },
  cudnnSdpEnabled: () => attention.cudnnSdp,
  enableCudnnSdp: (enabled: boolean) => {
    attention.cudnnSdp = enabled;
  },
};

export const mkl = { isAvailable: () => native.versions().mkl !== 0 };
export const openmp = { isAvailable: () => native.versions().openmp !== 0 };
export const cpu = { getCpuCapability: () => native.versions().cpuCapability };

/** What is loaded: libtorch's version, its build configuration, its threading report, what it was built with. */
export function versions(): Versions {
  return native.versions();
}
