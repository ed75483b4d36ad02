// What is in a file, as text and as JSON.

import { camelToSnake } from '../names.js';
import type { FileSummary, TensorSummary } from '../serialization/index.js';
import { bytesText } from './bytes-text.js';
import { tableText } from './table.js';

const MOST_VALUES = 40;
const LONGEST_VALUE = 80;

export function inspectText(path: string, { format, tensors, values, nbytes }: FileSummary): string {
  const count = `${tensors.length.toLocaleString('en')} tensor${tensors.length === 1 ? '' : 's'}`;
  const elements = tensors.reduce(
    (sum, { shape }) => sum + shape.reduce((product, side) => product * side, 1),
    0,
  );
  const rows = tensors.map((tensor) => [
    tensor.name === '' ? '(the file itself)' : tensor.name,
    `[${tensor.shape.join(', ')}]`,
    tensor.dtype,
    bytesText(tensor.nbytes),
    notes(tensor),
  ]);
  const table =
    rows.length > 0 ? [tableText([['name', 'shape', 'dtype', 'size', ''], ...rows], [3]), ''] : [];
  return [
    ...table,
    ...valueLines(values),
    `${path}: ${format}, ${count}, ${elements.toLocaleString('en')} elements, ${bytesText(nbytes)}`,
  ].join('\n');
}

function notes({ sharesWith, stride, storageOffset, layout }: TensorSummary): string {
  return [
    layout,
    sharesWith !== undefined && `shares memory with ${sharesWith}`,
    stride && `stride [${stride.join(', ')}]`,
    storageOffset && `offset ${storageOffset}`,
  ]
    .filter(Boolean)
    .join(', ');
}

function valueLines(values: ReadonlyMap<string, unknown>): string[] {
  if (values.size === 0) return [];
  const shown = [...values].slice(0, MOST_VALUES).map(([name, value]) => {
    const text = JSON.stringify(jsonOf(value));
    const short = text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}...` : text;
    return `${name === '' ? '(the file itself)' : name} = ${short}`;
  });
  const more = values.size - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more values; --json has all`] : []), ''];
}

/** One JSON document, a line for each tensor; names in Python's spelling. */
export function inspectJson(path: string, { format, tensors, values, nbytes }: FileSummary): string {
  const lines = tensors.map((summary) => {
    const entries = Object.entries(summary).map(([key, value]) => [camelToSnake(key), value]);
    return `    ${JSON.stringify(Object.fromEntries(entries))}`;
  });
  const entries = [...values].map(([name, value]) => [name, jsonOf(value)]);
  return [
    `{\n  "file": ${JSON.stringify(path)},\n  "format": "${format}",\n  "nbytes": ${nbytes},`,
    lines.length > 0 ? `  "tensors": [\n${lines.join(',\n')}\n  ],` : '  "tensors": [],',
    `  "values": ${JSON.stringify(Object.fromEntries(entries))}\n}`,
  ].join('\n');
}

// Numbers that JSON has not, and objects of other kinds, as their text.
function jsonOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(jsonOf);
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  return value instanceof Uint8Array ? `${value.length} bytes` : String(value);
}
