// torch.nn.attention: which kernels scaledDotProductAttention may take.

import { cuda } from '../backends.js';
import { TorchError } from '../errors.js';
import { inMode, type Mode } from '../modes.js';
import { typeText } from '../python-text.js';

/** The kernels by PyTorch's numbers. */
export const SDPBackend = Object.freeze({
  ERROR: -1,
  MATH: 0,
  FLASH_ATTENTION: 1,
  EFFICIENT_ATTENTION: 2,
  CUDNN_ATTENTION: 3,
  OVERRIDEABLE: 4,
});
export type SDPBackend = (typeof SDPBackend)[keyof typeof SDPBackend];

const switches = [
  [SDPBackend.MATH, cuda.mathSdpEnabled, cuda.enableMathSdp],
  [SDPBackend.FLASH_ATTENTION, cuda.flashSdpEnabled, cuda.enableFlashSdp],
  [SDPBackend.EFFICIENT_ATTENTION, cuda.memEfficientSdpEnabled, cuda.enableMemEfficientSdp],
  [SDPBackend.CUDNN_ATTENTION, cuda.cudnnSdpEnabled, cuda.enableCudnnSdp],
] as const;

const enabled = (): SDPBackend[] => switches.filter(([, isOn]) => isOn()).map(([backend]) => backend);

function enable(backends: readonly SDPBackend[]): void {
  for (const [backend, , turn] of switches) turn(backends.includes(backend));
}

/**
 * Attention takes these kernels alone inside (torch.nn.attention.sdpa_kernel), on all devices and in all threads: the
 * switches are the process's. Synchronous; without a body, on until the answer is disposed.
 */
export function sdpaKernel(backends: SDPBackend | readonly SDPBackend[]): Mode;
export function sdpaKernel<T>(backends: SDPBackend | readonly SDPBackend[], body: () => T): T;
export function sdpaKernel<T>(backends: SDPBackend | readonly SDPBackend[], body?: () => T): T | Mode {
  const chosen = (Array.isArray(backends) ? backends : [backends]) as SDPBackend[];
  const known: readonly unknown[] = Object.values(SDPBackend);
  const wrong = chosen.find((backend) => !known.includes(backend));
  if (wrong !== undefined) {
    throw new TorchError(
      `Backend must be an instance of SDPBackend or a list of SDPBackend instances, got ${typeText(wrong)}`,
    );
  }
  const enter = () => {
    const before = enabled();
    enable(chosen);
    return () => enable(before);
  };
  return inMode('sdpaKernel', enter, body);
}
