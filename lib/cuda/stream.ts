import { Device } from '../device.js';
import { DeviceError } from '../errors.js';
import { inMode, type Mode } from '../modes.js';
import { native } from '../native.js';
import type { DeviceEvent, StreamPair } from '../native-devices.js';
import { requireNames } from '../options.js';
import { requireHandle, type Tensor } from '../tensor.js';
import { type CudaDevice, indexOf, init } from './initialization.js';

export interface StreamOptions {
  device?: CudaDevice;
  /** Lower numbers go first: -1 is a high priority, 0 the usual one. */
  priority?: number;
}

const given = Symbol('a stream of libtorch');

/** Operators queued on one stream run in their order; those of two streams need not. */
export class Stream {
  readonly #pair: StreamPair;

  constructor(options: StreamOptions | typeof given = {}, pair?: StreamPair) {
    if (options === given) {
      this.#pair = pair as StreamPair;
      return;
    }
    requireNames(new.target, options as StreamOptions, { device: true, priority: true });
    if (!native.versions().cuda) throw new DeviceError('torch.cuda.Stream requires CUDA support');
    const { device, priority = 0 } = options as StreamOptions;
    this.#pair = native.cudaNewStream(indexOf(device), priority);
  }

  static fromPair(pair: StreamPair): Stream {
    return new Stream(given, pair);
  }

  /** What native code knows the stream by. */
  get pair(): StreamPair {
    return this.#pair;
  }

  get streamId(): bigint {
    return this.#pair[0];
  }

  get device(): Device {
    return new Device('cuda', this.#pair[1]);
  }

  /** Whether all work on it is done. */
  query(): boolean {
    return native.cudaQueryStream(...this.#pair);
  }

  synchronize(): void {
    native.cudaSynchronizeStream(...this.#pair);
  }

  /** What comes next here waits for the event. */
  waitEvent(event: Event): void {
    event.wait(this);
  }

  /** What comes next here waits for all that is on the other stream now. */
  waitStream(stream: Stream): void {
    this.waitEvent(stream.recordEvent());
  }

  recordEvent(event: Event = new Event()): Event {
    event.record(this);
    return event;
  }

  equals(other: Stream): boolean {
    return this.#pair[0] === other.#pair[0] && this.#pair[1] === other.#pair[1];
  }

  toString(): string {
    return `<torch.cuda.Stream device=${this.device} stream_id=${this.streamId}>`;
  }
}

/** A mark in a stream's work: to wait for, or to measure time by. */
export class Event {
  readonly #event: DeviceEvent;

  constructor(options: { enableTiming?: boolean } = {}) {
    requireNames(new.target, options, { enableTiming: true });
    const { enableTiming = false } = options;
    if (!native.versions().cuda) throw new DeviceError('Tried to instantiate dummy base class Event');
    this.#event = native.cudaNewEvent(enableTiming);
  }

  record(stream: Stream = currentStream()): void {
    native.cudaRecordEvent(this.#event, ...stream.pair);
  }

  wait(stream: Stream = currentStream()): void {
    native.cudaWaitEvent(this.#event, ...stream.pair);
  }

  /** Whether what was queued before it is done. */
  query(): boolean {
    return native.cudaQueryEvent(this.#event);
  }

  synchronize(): void {
    native.cudaSynchronizeEvent(this.#event);
  }

  /** Milliseconds between both, which must have been made with `enableTiming` and recorded. */
  elapsedTime(end: Event): number {
    return native.cudaElapsedTime(this.#event, end.#event);
  }
}

export function currentStream(device?: CudaDevice): Stream {
  return Stream.fromPair(native.cudaCurrentStream(indexOf(device)));
}

export function defaultStream(device?: CudaDevice): Stream {
  return Stream.fromPair(native.cudaDefaultStream(indexOf(device)));
}

export function setStream(stream: Stream): void {
  init();
  native.cudaSetStream(...stream.pair);
}

/** Operators inside run on the stream; null changes nothing. Without a body, until the answer is disposed. */
export function stream(stream: Stream | null): Mode;
export function stream<T>(stream: Stream | null, body: () => T): T;
export function stream<T>(stream: Stream | null, body?: () => T): T | Mode {
  const enter = () => {
    if (stream === null) return () => {};
    const index = stream.pair[1];
    const device = native.cudaCurrentDevice();
    const before = native.cudaCurrentStream(index);
    native.cudaSetDevice(index);
    native.cudaSetStream(...stream.pair);
    return () => {
      native.cudaSetStream(...before);
      native.cudaSetDevice(device);
    };
  };
  return inMode('cuda.stream', enter, body);
}

/**
 * The tensor's memory is in use on the stream, and is not given to another tensor before the work that is on it now is
 * done (Tensor.record_stream). Call it before the last handle of a tensor that a side stream uses goes.
 */
export function recordStream(tensor: Tensor, stream: Stream): void {
  native.recordStream(requireHandle(tensor, 'tensor'), ...stream.pair);
}
