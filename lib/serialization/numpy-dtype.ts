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
} from '../dtype.js';
import { Tuple } from '../tuple.js';
import { UnsupportedCheckpointError } from './errors.js';
import { awaitState } from './unbuilt.js';

const NUMBERS: ReadonlyMap<string, DType> = new Map([
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

/** `numpy.dtype` as a pickle makes it: a code such as `f8`; the byte order comes by BUILD. */
export class NumpyDtype {
  /** Kind and bytes per element: `f8`, `U5` (characters). */
  readonly code: string;
  isBigEndian: boolean;
  /** Its elements are records or arrays. */
  isStructured = false;

  constructor(code: string) {
    this.isBigEndian = code.startsWith('>');
    this.code = code.replace(/^[<>|=]/, '');
  }

  /** @throws UnsupportedCheckpointError for elements that no tensor has: objects, strings, dates, long doubles */
  get dtype(): DType {
    const dtype = NUMBERS.get(this.code);
    if (dtype !== undefined && !this.isStructured) return dtype;
    const kind = this.code.startsWith('O') ? 'Python objects' : `elements of dtype '${this.code}'`;
    throw new UnsupportedCheckpointError(
      `it holds a NumPy array of ${this.isStructured ? 'records or of arrays' : kind}, which no tensor can have`,
    );
  }
}

/** code, align, copy; then BUILD with (version, byte order, subdtype, names, fields, ...). */
export function makeNumpyDtype(code: unknown): NumpyDtype {
  if (typeof code !== 'string') throw new TypeError('numpy.dtype takes a name');
  const dtype = new NumpyDtype(code);
  return awaitState(dtype, (state) => {
    if (!(state instanceof Tuple) || state.length < 5) throw new TypeError('it is not the state of a dtype');
    const [, order, ...structure] = state.slice(0, 5);
    dtype.isStructured = structure.some((part) => part !== null);
    dtype.isBigEndian = order === '>';
    return dtype;
  });
}
