// How Python prints the values that error messages and reprs contain.

import { formatFloat } from './python-format.js';
import { TorchFloat } from './scalar.js';
import { Tuple } from './tuple.js';

/** `torch.Size([1, 3])`. */
export function sizeText(shape: readonly number[]): string {
  return `torch.Size([${shape.join(', ')}])`;
}

/** `(3, 3)`, and `(3,)` for one element. */
export function tupleText(values: readonly unknown[]): string {
  return values.length === 1 ? `(${reprText(values[0])},)` : `(${values.map(reprText).join(', ')})`;
}

/** Python's `str`: None, True, 0.001, [1, 2]. An integral number prints as an int. */
export function valueText(value: unknown): string {
  return typeof value === 'string' ? value : reprText(value);
}

function reprText(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : formatFloat(value);
  if (value instanceof TorchFloat) return formatFloat(value.value);
  if (typeof value === 'string') return stringRepr(value);
  if (value instanceof Tuple) return tupleText(value);
  if (Array.isArray(value)) return `[${value.map(reprText).join(', ')}]`;
  return String(value);
}

/** Python's `repr` of a str: single quotes, unless only those occur inside. */
export function stringRepr(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  if (!escaped.includes("'")) return `'${escaped}'`;
  return escaped.includes('"') ? `'${escaped.replaceAll("'", "\\'")}'` : `"${escaped}"`;
}

/** What a misused value is, in words: its class, or its primitive type. */
export function typeText(value: unknown): string {
  if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value;
  return value.constructor?.name ?? 'object';
}
