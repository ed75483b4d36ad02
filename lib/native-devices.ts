// The native contract of CUDA, which works without CUDA's headers, and of the profiler.

import type { Handle } from './native.js';

/** An event of a device. */
export type DeviceEvent = object;
/** A stream of a device: its id and the device's number. */
export type StreamPair = readonly [id: bigint, device: number];
/** What the profiler has recorded. */
export type Trace = object;
/** One event of the profiler, in the order of native/profiler.cc. */
export type EventRow = [
  name: string,
  start: number,
  end: number,
  thread: number,
  forwardThread: number,
  sequence: number,
  scope: number,
  deviceType: string,
  deviceIndex: number,
  correlation: number,
  linkedCorrelation: number,
  bytes: number,
  flops: number,
  isAsync: boolean,
  isHidden: boolean,
  shapes: number[][],
];

export interface DeviceBinding {
  // CUDA; every one but deviceCount throws where there is none.
  cudaDeviceCount(): number;
  cudaInit(): void;
  cudaCurrentDevice(): number;
  cudaSetDevice(device: number): void;
  cudaSynchronize(device: number): void;
  cudaMemoryInfo(device: number): [free: number, total: number];
  cudaMemoryStats(device: number): Record<string, number>;
  cudaResetStats(device: number, which: 'peak' | 'accumulated'): void;
  cudaEmptyCache(): void;
  cudaSeedAll(seed: bigint, device: number): void;
  cudaRngState(device: number): Handle;
  cudaSetRngState(state: Handle, device: number): void;
  cudaProperties(device: number): Record<string, number> & { name: string };
  cudaNewStream(device: number, priority: number): StreamPair;
  cudaCurrentStream(device: number): StreamPair;
  cudaDefaultStream(device: number): StreamPair;
  cudaSetStream(...stream: StreamPair): void;
  cudaQueryStream(...stream: StreamPair): boolean;
  cudaSynchronizeStream(...stream: StreamPair): void;
  cudaNewEvent(enableTiming: boolean): DeviceEvent;
  cudaRecordEvent(event: DeviceEvent, ...stream: StreamPair): void;
  cudaWaitEvent(event: DeviceEvent, ...stream: StreamPair): void;
  cudaQueryEvent(event: DeviceEvent): boolean;
  cudaSynchronizeEvent(event: DeviceEvent): void;
  cudaElapsedTime(start: DeviceEvent, end: DeviceEvent): number;
  recordStream(tensor: Handle, ...stream: StreamPair): void;

  // Profiler
  startProfiler(
    cpu: boolean,
    cuda: boolean,
    recordShapes: boolean,
    profileMemory: boolean,
    withFlops: boolean,
  ): void;
  stopProfiler(): { trace: Trace; events: EventRow[] };
  saveTrace(trace: Trace, path: string): void;
  enterLabel(name: string): void;
  leaveLabel(): void;
}
