// What a process can be told that changes bits; the names are those of python/libtorch_node_parity/settings.py.

import {
  areDeterministicAlgorithmsEnabled,
  cuda,
  cudnn,
  getFloat32MatmulPrecision,
  getNumThreads,
  mkldnn,
  nnpack,
  versions,
} from '../backends.js';

export type Switches = Record<string, number | boolean | string>;

export interface Settings {
  /** What can be set in Python as it is here. */
  switches: Switches;
  /** Parameters and buffers in memory that is not aligned to 16 bytes, which changes the bits of matrix products. */
  unaligned: string[];
  /** What cannot be set. */
  facts: Record<string, string>;
}

export function settings(): Settings {
  const { torch, cpuCapability } = versions();
  return {
    switches: {
      threads: getNumThreads(),
      nnpack: nnpack.enabled,
      mkldnn: mkldnn.enabled,
      'deterministic algorithms': areDeterministicAlgorithmsEnabled(),
      'float32 matmul precision': getFloat32MatmulPrecision(),
      cudnn: cudnn.enabled,
      'cudnn.benchmark': cudnn.benchmark,
      'cudnn.deterministic': cudnn.deterministic,
      'cudnn.allow_tf32': cudnn.allowTf32,
      'cuda.matmul.allow_tf32': cuda.matmul.allowTf32,
    },
    unaligned: [], // what the library allocates or reads is aligned to 64 bytes
    facts: { torch, 'CPU capability': cpuCapability },
  };
}
