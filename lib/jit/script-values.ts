// Values that go into TorchScript and come out of it; the tags are those of native/script-values.h.

import { Complex } from '../complex.js';
import { Device, device } from '../device.js';
import { DType } from '../dtype.js';
import type { ScriptValue } from '../native.js';
import { typeText } from '../python-text.js';
import { TorchFloat } from '../scalar.js';
import { isTensor, requireHandle, wrap } from '../tensor.js';
import { Tuple } from '../tuple.js';

const TAG = { tensor: 0, list: 1, tuple: 2, dict: 3, float: 4, device: 5, complex: 6 } as const;

/** Throws TypeError for what TorchScript has no type for. */
export function toScript(value: unknown): ScriptValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'bigint' || typeof value === 'string') return value;
  if (isTensor(value)) return [TAG.tensor, requireHandle(value, 'argument')];
  if (value instanceof TorchFloat) return [TAG.float, value.value];
  // TorchScript's dtypes are integers.
  if (value instanceof DType) return value.code;
  if (value instanceof Device) return [TAG.device, `${value}`];
  if (value instanceof Complex) return [TAG.complex, value.re, value.im];
  if (value instanceof Tuple) return [TAG.tuple, ...value.map(toScript)];
  if (Array.isArray(value)) return [TAG.list, ...value.map(toScript)];
  const entries = entriesOf(value);
  if (entries) return [TAG.dict, ...entries.flatMap(([key, item]) => [toScript(key), toScript(item)])];
  throw new TypeError(`a TorchScript method cannot be given ${typeText(value)}`);
}

/** The inverse: a list becomes an array, a tuple a Tuple, a dict a Map. */
export function fromScript(value: ScriptValue): unknown {
  if (!Array.isArray(value)) return value;
  const [tag, ...items] = value;
  switch (tag) {
    case TAG.tensor:
      return wrap(items[0] as number);
    case TAG.list:
      return items.map(fromScript);
    case TAG.tuple:
      return Tuple.from(items.map(fromScript));
    case TAG.device:
      return device(items[0] as string);
    case TAG.complex:
      return new Complex(items[0] as number, items[1] as number);
    default:
      return new Map(
        Array.from({ length: items.length / 2 }, (_, i) => [
          fromScript(items[2 * i] ?? null),
          fromScript(items[2 * i + 1] ?? null),
        ]),
      );
  }
}

function entriesOf(value: unknown): [unknown, unknown][] | null {
  if (value instanceof Map) return [...value];
  if (typeof value !== 'object' || value === null) return null;
  const isPlain = Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null;
  return isPlain ? Object.entries(value) : null;
}
