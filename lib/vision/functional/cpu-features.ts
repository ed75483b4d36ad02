import { versions } from '../../backends.js';

let native: boolean | undefined;

/**
 * Whether torchvision resizes uint8 in integer arithmetic on this processor; elsewhere it goes through float32. The
 * capability is the one that libtorch chose (torch.backends.cpu.get_cpu_capability), ATEN_CPU_CAPABILITY included.
 */
export function hasNativeUint8Resize(): boolean {
  native ??= process.arch === 'arm64' || /CPU capability usage: AVX(2|512)/.test(versions().config);
  return native;
}
