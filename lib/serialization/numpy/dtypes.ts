import {
  bool,
  complex64,
  complex128,
  type DType,
  float16,
  float32,
  float64,
  int8,
  int16,
  int32,
  int64,
  uint8,
  uint16,
  uint32,
  uint64,
} from '../../dtype.js';
import { UnsupportedCheckpointError } from '../errors.js';

/** The dtypes that NumPy has too, by its kind and size. */
const BY_CODE: ReadonlyMap<string, DType> = new Map([
  ['b1', bool],
  ['i1', int8],
  ['i2', int16],
  ['i4', int32],
  ['i8', int64],
  ['u1', uint8],
  ['u2', uint16],
  ['u4', uint32],
  ['u8', uint64],
  ['f2', float16],
  ['f4', float32],
  ['f8', float64],
  ['c8', complex64],
  ['c16', complex128],
]);
const CODES = new Map([...BY_CODE].map(([code, dtype]) => [dtype, code]));

const KINDS: Readonly<Record<string, string>> = {
  S: 'byte strings',
  U: 'strings',
  V: 'raw bytes (bfloat16 of ml_dtypes among them)',
  M: 'dates',
  m: 'time differences',
};

export interface ElementType {
  readonly dtype: DType;
  readonly bigEndian: boolean;
}

/**
 * What the header's `descr` says.
 *
 * @throws UnsupportedCheckpointError naming what no dtype here can hold
 */
export function elementTypeOf(descr: unknown): ElementType {
  if (typeof descr !== 'string') {
    throw new UnsupportedCheckpointError(
      'it is a structured array; save its fields one by one: arrays[name] = array[name]',
    );
  }
  const [, order = '', code = ''] = /^([<>|=]?)(.*)$/s.exec(descr) ?? [];
  const dtype = BY_CODE.get(code);
  if (dtype) return { dtype, bigEndian: order === '>' };
  if (code.startsWith('O')) {
    throw new UnsupportedCheckpointError(
      'it is an array of Python objects (a pickle), and nothing in a file is ever executed; ' +
        'save arrays of numbers in NumPy: array.astype(float)',
    );
  }
  const kind = KINDS[code[0] ?? ''];
  throw new UnsupportedCheckpointError(
    `its elements are '${descr}'${kind ? `, ${kind}` : ''}, which no dtype here holds`,
  );
}

/** The `descr` of a dtype. Throws TypeError for one that NumPy lacks. */
export function descrOf(dtype: DType): string {
  const code = CODES.get(dtype);
  if (code !== undefined) return `${dtype.itemsize === 1 ? '|' : '<'}${code}`;
  throw new TypeError(`NumPy has no ${dtype.name}; convert the tensor first: x.to(torch.float32)`);
}
