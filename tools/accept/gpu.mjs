// @ts-check
import { existsSync } from 'node:fs';
import { findProgram } from '../install/process.mjs';

/** A container may show the one and not the other. */
const files = ['/proc/driver/nvidia/version', '/dev/nvidiactl', '/dev/nvidia0'];

/**
 * Whether this machine has a GPU of NVIDIA's, and how that was seen.
 * @param {Record<string, string | undefined>} env CUDA_VISIBLE_DEVICES may hide it
 */
export function gpuOf(env) {
  if (env.CUDA_VISIBLE_DEVICES === '') return { found: false, why: 'CUDA_VISIBLE_DEVICES is empty' };
  const file = files.find((name) => existsSync(name));
  if (file) return { found: true, why: `${file} is there` };
  const program = findProgram('nvidia-smi', env);
  if (program) return { found: true, why: `${program} is there` };
  return { found: false, why: 'no NVIDIA driver, no nvidia-smi' };
}
