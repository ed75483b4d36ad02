import { native } from '../native.js';
import { requireNames } from '../options.js';
import { type CudaDevice, indexOf, isInitialized } from './initialization.js';
import { summaryOf } from './memory-summary.js';

/** PyTorch's flat names: `allocated_bytes.all.current`, `segment.small_pool.peak`, `num_ooms`, ... */
export type MemoryStats = Record<string, number>;

/** The numbers of CUDA's caching allocator; empty before CUDA is initialized. */
export function memoryStats(device?: CudaDevice): MemoryStats {
  return isInitialized() ? native.cudaMemoryStats(indexOf(device)) : {};
}

const statistic = (name: string) => (device?: CudaDevice) => memoryStats(device)[name] ?? 0;

/** Bytes in tensors. */
export const memoryAllocated = statistic('allocated_bytes.all.current');
/** The most bytes in tensors since the start or {@link resetPeakMemoryStats}. */
export const maxMemoryAllocated = statistic('allocated_bytes.all.peak');
/** Bytes that the allocator has from the device. */
export const memoryReserved = statistic('reserved_bytes.all.current');
export const maxMemoryReserved = statistic('reserved_bytes.all.peak');

export function resetPeakMemoryStats(device?: CudaDevice): void {
  native.cudaResetStats(indexOf(device), 'peak');
}

export function resetAccumulatedMemoryStats(device?: CudaDevice): void {
  native.cudaResetStats(indexOf(device), 'accumulated');
}

/** [free, total] bytes of the device. */
export function memGetInfo(device?: CudaDevice): [free: number, total: number] {
  return native.cudaMemoryInfo(indexOf(device));
}

/** Gives cached blocks back to the device. */
export function emptyCache(): void {
  if (isInitialized()) native.cudaEmptyCache();
}

/** {@link memoryStats} as a table. */
export function memorySummary(device?: CudaDevice, options: { abbreviated?: boolean } = {}): string {
  requireNames(memorySummary, options, { abbreviated: true });
  const { abbreviated = false } = options;
  const index = indexOf(device);
  return summaryOf(native.cudaMemoryStats(index), index, abbreviated ? ['all'] : pools);
}

const pools = ['all', 'large_pool', 'small_pool'] as const;
