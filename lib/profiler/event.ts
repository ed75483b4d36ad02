// What Kineto recorded as a tree of calls: torch.autograd.profiler_util.

import type { EventRow } from '../native-devices.js';

const memoryEvent = '[memory]';

/** PyTorch's own bookkeeping, which its profiler does not show either. */
const hidden = new Set([
  memoryEvent,
  '[OutOfMemory]',
  'profiler::_record_function_enter',
  'profiler::_record_function_enter_new',
  'profiler::_record_function_exit',
  'aten::is_leaf',
  'aten::output_nr',
  'aten::_version',
]);

/** One call of an operator, one label or one kernel; times in microseconds since the profiler started. */
export class FunctionEvent {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  thread: number;
  readonly deviceType: string;
  readonly isAsync: boolean;
  readonly inputShapes: readonly (readonly number[])[];
  readonly flops: number;
  readonly id: number;
  readonly linked: number;
  /** Bytes that it and what it called allocated, less what they freed. */
  cpuMemoryUsage = 0;
  cpuParent: FunctionEvent | null = null;
  cpuChildren: FunctionEvent[] = [];
  /** Microseconds of the kernels that it launched. */
  kernelTime = 0;

  constructor(row: EventRow) {
    const [name, start, end, thread, , , , deviceType, , correlation, linked, , flops, isAsync, , shapes] =
      row;
    this.name = name.startsWith('ProfilerStep#') ? 'ProfilerStep*' : name;
    this.start = start / 1000;
    this.end = end / 1000;
    this.thread = thread;
    this.deviceType = deviceType;
    this.isAsync = isAsync;
    this.inputShapes = shapes;
    this.flops = flops;
    this.id = correlation;
    this.linked = linked;
  }

  get onCpu(): boolean {
    return this.deviceType === 'cpu';
  }

  get cpuTimeTotal(): number {
    return this.onCpu ? this.end - this.start : 0;
  }

  /** Without the calls inside. */
  get selfCpuTimeTotal(): number {
    if (this.isAsync || !this.onCpu) return 0;
    return this.cpuTimeTotal - sum(this.cpuChildren, (child) => child.cpuTimeTotal);
  }

  get selfCpuMemoryUsage(): number {
    if (this.isAsync || !this.onCpu) return 0;
    return this.cpuMemoryUsage - sum(this.cpuChildren, (child) => child.cpuMemoryUsage);
  }

  get deviceTimeTotal(): number {
    if (!this.onCpu) return this.end - this.start;
    return this.kernelTime + sum(this.cpuChildren, (child) => child.deviceTimeTotal);
  }

  get selfDeviceTimeTotal(): number {
    if (!this.onCpu) return this.end - this.start;
    return this.kernelTime;
  }
}

export function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

const byTime = (a: FunctionEvent, b: FunctionEvent) => a.start - b.start || b.end - a.end;

/** A call is the child of the one around it in the same thread; what overlaps only in part is not. */
function connect(events: readonly FunctionEvent[]): void {
  const threads = new Map<number, FunctionEvent[]>();
  for (const event of events) {
    if (event.isAsync || !event.onCpu) continue;
    const others = threads.get(event.thread);
    if (others) others.push(event);
    else threads.set(event.thread, [event]);
  }
  for (const calls of threads.values()) {
    const open: FunctionEvent[] = [];
    for (const event of calls.sort(byTime)) {
      while (open.length > 0) {
        const parent = open.at(-1) as FunctionEvent;
        if (event.start < parent.end && event.end <= parent.end) {
          parent.cpuChildren.push(event);
          event.cpuParent = parent;
          break;
        }
        open.pop();
      }
      open.push(event);
    }
  }
}

/** Takes out calls that only pass on to one of the same name. */
function withoutRepeats(events: readonly FunctionEvent[]): FunctionEvent[] {
  let kept = [...events];
  for (;;) {
    const repeated = new Set<FunctionEvent>();
    for (const event of kept) {
      const parent = event.cpuParent;
      if (!parent || parent.name !== event.name || parent.cpuChildren.length !== 1) continue;
      parent.cpuChildren = event.cpuChildren;
      parent.kernelTime += event.kernelTime;
      for (const child of event.cpuChildren) child.cpuParent = parent;
      repeated.add(event);
    }
    if (repeated.size === 0) return kept;
    kept = kept.filter((event) => !repeated.has(event));
  }
}

/** Gives kernels to the calls that launched them. */
function attachKernels(events: readonly FunctionEvent[]): void {
  const launched = new Map<number, FunctionEvent[]>();
  for (const event of events) {
    const others = launched.get(event.linked);
    if (others) others.push(event);
    else launched.set(event.linked, [event]);
  }
  for (const event of events) {
    if (event.linked !== 0 || !event.onCpu || event.isAsync || event.id === 0) continue;
    for (const other of launched.get(event.id) ?? []) {
      if (other.onCpu) other.thread = event.thread;
      else event.kernelTime += other.end - other.start;
    }
  }
}

/** All events but the hidden ones in the order of their beginning, as a tree. */
export function eventsOf(rows: readonly EventRow[]): FunctionEvent[] {
  const memory = rows
    .filter(([name, , , , , , , deviceType]) => name === memoryEvent && deviceType === 'cpu')
    .map((row) => ({ at: row[1] / 1000, bytes: row[11] }))
    .sort((a, b) => a.at - b.at);
  const events = rows
    .filter(([name, , , , , , , , , , , , , , isHidden]) => !hidden.has(name) && !isHidden)
    .map((row) => new FunctionEvent(row))
    .sort(byTime);
  for (const event of events) {
    if (!event.onCpu || memory.length === 0) continue;
    for (let i = firstFrom(memory, event.start); i < memory.length; i++) {
      const record = memory[i] as (typeof memory)[number];
      if (record.at > event.end) break;
      event.cpuMemoryUsage += record.bytes;
    }
  }
  attachKernels(events);
  connect(events);
  return withoutRepeats(events);
}

/** The first record at or after the time. */
function firstFrom(records: readonly { at: number }[], time: number): number {
  let [low, high] = [0, records.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((records[middle] as { at: number }).at < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
