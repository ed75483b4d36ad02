import { requireNames } from '../options.js';
import { type FunctionEvent, sum } from './event.js';
import { type TableOptions, tableOf } from './table.js';

/** All events of one name; times in microseconds, memory in bytes. */
export interface EventAverage {
  readonly key: string;
  readonly count: number;
  readonly selfCpuTimeTotal: number;
  readonly cpuTimeTotal: number;
  /** Per call. */
  readonly cpuTime: number;
  readonly selfDeviceTimeTotal: number;
  readonly deviceTimeTotal: number;
  readonly deviceTime: number;
  readonly selfCpuMemoryUsage: number;
  readonly cpuMemoryUsage: number;
  readonly flops: number;
  readonly deviceType: string;
  readonly isAsync: boolean;
  /** Of the first event; all have the same where events were grouped by shapes. */
  readonly inputShapes: readonly (readonly number[])[];
}

function average(events: readonly FunctionEvent[]): EventAverage {
  const [first] = events as [FunctionEvent];
  const { length: count } = events;
  const total = (value: (event: FunctionEvent) => number) => sum(events, value);
  const cpuTimeTotal = total((event) => event.cpuTimeTotal);
  const deviceTimeTotal = total((event) => event.deviceTimeTotal);
  return {
    key: first.name,
    count,
    selfCpuTimeTotal: total((event) => event.selfCpuTimeTotal),
    cpuTimeTotal,
    cpuTime: cpuTimeTotal / count,
    selfDeviceTimeTotal: total((event) => event.selfDeviceTimeTotal),
    deviceTimeTotal,
    deviceTime: deviceTimeTotal / count,
    selfCpuMemoryUsage: total((event) => event.selfCpuMemoryUsage),
    cpuMemoryUsage: total((event) => event.cpuMemoryUsage),
    flops: total((event) => event.flops),
    deviceType: first.deviceType,
    isAsync: first.isAsync,
    inputShapes: first.inputShapes,
  };
}

/** What `keyAverages` answers with: an array that prints itself. */
export class EventAverages extends Array<EventAverage> {
  static override get [Symbol.species]() {
    return Array;
  }

  /** Has a column of memory. */
  profileMemory = false;

  /** The table that PyTorch prints. */
  table(options: TableOptions = {}): string {
    requireNames(this.table, options, {
      sortBy: true,
      rowLimit: true,
      maxNameColumnWidth: true,
      maxShapesColumnWidth: true,
      header: true,
    });
    return tableOf(this, this.profileMemory, options);
  }

  override toString(): string {
    return this.table();
  }
}

/** Sums of the events of each name, in the order of their first. */
export function averagesOf(
  events: readonly FunctionEvent[],
  { groupByInputShape = false, profileMemory = false },
): EventAverages {
  const groups = new Map<string, FunctionEvent[]>();
  for (const event of events) {
    const shapes = groupByInputShape ? JSON.stringify(event.inputShapes) : '';
    const key = [event.name, event.deviceType, shapes].join('\n');
    const others = groups.get(key);
    if (others) others.push(event);
    else groups.set(key, [event]);
  }
  const averages = new EventAverages();
  for (const group of groups.values()) {
    averages.push(groupByInputShape ? average(group) : { ...average(group), inputShapes: [] });
  }
  averages.profileMemory = profileMemory;
  return averages;
}
