// The table of torch.autograd.profiler_util, column by column.

import { formatFixed, pow } from '../python-number.js';
import type { EventAverage } from './averages.js';
import { sum } from './event.js';

type NumberKey = {
  [K in keyof EventAverage]: EventAverage[K] extends number ? K : never;
}[keyof EventAverage];

export interface TableOptions {
  /** A field of EventAverage: the greatest come first. */
  sortBy?: NumberKey | null;
  rowLimit?: number;
  maxNameColumnWidth?: number | null;
  maxShapesColumnWidth?: number | null;
  /** A line above the table. */
  header?: string | null;
}

const defaultWidth = 12;

/** 1.234s, 1.234ms, 1.234us. */
export function timeText(microseconds: number): string {
  if (microseconds >= 1e6) return `${formatFixed(microseconds / 1e6, 3)}s`;
  if (microseconds >= 1e3) return `${formatFixed(microseconds / 1e3, 3)}ms`;
  return `${formatFixed(microseconds, 3)}us`;
}

function share(part: number, total: number): string {
  return total === 0 ? 'NaN' : `${formatFixed((part * 100) / total, 2)}%`;
}

const [kilobyte, megabyte, gigabyte] = [1 << 10, 1 << 20, 1 << 30];

export function memoryText(bytes: number): string {
  const size = Math.abs(bytes);
  if (size >= gigabyte) return `${formatFixed(bytes / gigabyte, 2)} GB`;
  if (size >= megabyte) return `${formatFixed(bytes / megabyte, 2)} MB`;
  if (size >= kilobyte) return `${formatFixed(bytes / kilobyte, 2)} KB`;
  return `${bytes} B`;
}

const flopUnits = ['FLOPs', 'KFLOPs', 'MFLOPs', 'GFLOPs', 'TFLOPs', 'PFLOPs'];

interface Column {
  readonly title: string;
  readonly width: number;
  readonly cell: (event: EventAverage) => string;
}

function flopColumns(events: readonly EventAverage[]): Column[] {
  const known = events.map(({ flops }) => flops).filter((flops) => flops > 0);
  if (known.length === 0) return [];
  const least = Math.min(...known);
  let unit = 0;
  while (unit + 1 < flopUnits.length && least >= pow(1000, unit + 1)) unit++;
  const cell = ({ flops }: EventAverage) =>
    flops > 0 ? formatFixed(flops / pow(1000, unit), 3).padStart(8) : '--';
  return [{ title: `Total ${flopUnits[unit]}`, width: defaultWidth, cell }];
}

const shapesText = ({ inputShapes }: EventAverage) =>
  `[${inputShapes.map((shape) => `[${shape.join(', ')}]`).join(', ')}]`;

function limited(width: number, limit: number | null): number {
  return limit === null ? width : Math.min(width, limit);
}

function columnsOf(events: readonly EventAverage[], memory: boolean, options: TableOptions): Column[] {
  const { maxNameColumnWidth = 55, maxShapesColumnWidth = 80 } = options;
  const selfTotal = sum(events, (event) => event.selfCpuTimeTotal);
  const onDevice = events.filter(({ deviceType }) => deviceType !== 'cpu');
  const deviceTotal = sum(onDevice, (event) => event.selfDeviceTimeTotal);
  const plain = (title: string, cell: Column['cell']): Column => ({ title, width: defaultWidth, cell });
  const name = (event: EventAverage) =>
    maxNameColumnWidth !== null && event.key.length >= maxNameColumnWidth - 3
      ? `${event.key.slice(0, maxNameColumnWidth - 3)}...`
      : event.key;
  const nameWidth = limited(Math.max(...events.map(({ key }) => key.length)) + 4, maxNameColumnWidth);
  const columns: Column[] = [
    { title: 'Name', width: nameWidth, cell: name },
    plain('Self CPU %', (event) => share(event.selfCpuTimeTotal, selfTotal)),
    plain('Self CPU', (event) => timeText(event.selfCpuTimeTotal)),
    plain('CPU total %', (event) => (event.isAsync ? '0' : share(event.cpuTimeTotal, selfTotal))),
    plain('CPU total', (event) => timeText(event.cpuTimeTotal)),
    plain('CPU time avg', (event) => timeText(event.cpuTime)),
  ];
  if (events.some((event) => event.selfDeviceTimeTotal > 0)) {
    columns.push(
      plain('Self CUDA', (event) => timeText(event.selfDeviceTimeTotal)),
      plain('Self CUDA %', (event) => share(event.selfDeviceTimeTotal, deviceTotal)),
      plain('CUDA total', (event) => timeText(event.deviceTimeTotal)),
      plain('CUDA time avg', (event) => timeText(event.deviceTime)),
    );
  }
  if (memory) {
    columns.push(
      plain('CPU Mem', (event) => memoryText(event.cpuMemoryUsage)),
      plain('Self CPU Mem', (event) => memoryText(event.selfCpuMemoryUsage)),
    );
  }
  columns.push(plain('# of Calls', (event) => `${event.count}`));
  if (events.some(({ inputShapes }) => inputShapes.length > 0)) {
    const longest = Math.max(...events.map((event) => shapesText(event).length));
    const width = limited(longest + 4, maxShapesColumnWidth);
    columns.push({ title: 'Input Shapes', width, cell: (event) => shapesText(event).slice(0, width) });
  }
  return [...columns, ...flopColumns(events)];
}

export function tableOf(
  averages: readonly EventAverage[],
  memory: boolean,
  options: TableOptions = {},
): string {
  const { sortBy = null, rowLimit = 100, header = null } = options;
  if (averages.length === 0) return '';
  const events = sortBy ? [...averages].sort((a, b) => b[sortBy] - a[sortBy]) : [...averages];
  const columns = columnsOf(events, memory, options);
  const row = (cell: (column: Column) => string) =>
    columns.map((column) => `${cell(column).padStart(column.width)}  `).join('');
  const line = row(({ width }) => '-'.repeat(width));
  const total = sum(events, (event) => event.selfCpuTimeTotal);
  const device = sum(
    events.filter(({ deviceType }) => deviceType !== 'cpu'),
    (event) => event.selfDeviceTimeTotal,
  );
  const shown = rowLimit < 0 ? events : events.slice(0, rowLimit);
  return [
    ...(header === null ? [] : ['='.repeat(line.length - 2), header]),
    line,
    row(({ title }) => title),
    line,
    ...shown.map((event) => row(({ cell }) => cell(event))),
    line,
    `Self CPU time total: ${timeText(total)}`,
    ...(device > 0 ? [`Self CUDA time total: ${timeText(device)}`] : []),
    '',
  ].join('\n');
}
