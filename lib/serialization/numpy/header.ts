// "\x93NUMPY", two bytes of version, the length of the header, the header (a dict as Python prints it), the elements:
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html

import type { DType } from '../../dtype.js';
import { CorruptArchiveError, NotACheckpointError, UnsupportedCheckpointError } from '../errors.js';
import { descrOf, type ElementType, elementTypeOf } from './dtypes.js';
import { readLiteral } from './python-literal.js';
import type { SequentialReader } from './sequential-reader.js';

const MAGIC = Buffer.from('\x93NUMPY', 'latin1');
const ALIGNMENT = 64;
/** NumPy's own limit for files that it does not trust. */
const LONGEST_HEADER = 10_000;
/** Room that NumPy leaves for the first dimension to grow in place. */
const GROWTH_DIGITS = 21;

export interface NpyHeader extends ElementType {
  readonly shape: readonly number[];
  /** The first index varies fastest. */
  readonly fortranOrder: boolean;
}

/** @throws CheckpointError of the kind that fits */
export function readHeader(reader: SequentialReader): NpyHeader {
  const start = reader.remaining < MAGIC.length + 2 ? Buffer.alloc(0) : reader.take(MAGIC.length + 2);
  if (!start.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new NotACheckpointError(
      start.toString('latin1', 0, 2) === 'PK'
        ? 'it is a ZIP archive; load arrays from an .npz with numpy.loadz'
        : 'it is not an .npy file: it does not begin with \\x93NUMPY',
    );
  }
  const [major = 0, minor = 0] = start.subarray(MAGIC.length);
  if (major < 1 || major > 3 || minor !== 0) {
    throw new UnsupportedCheckpointError(`it is of version ${major}.${minor}; 1.0, 2.0 and 3.0 can be read`);
  }
  const length = major === 1 ? reader.take(2).readUInt16LE() : reader.take(4).readUInt32LE();
  if (length > LONGEST_HEADER) {
    throw new CorruptArchiveError(
      `its header has ${length} bytes, which NumPy does not read either (${LONGEST_HEADER})`,
    );
  }
  return parse(reader.take(length).toString(major === 3 ? 'utf8' : 'latin1'));
}

/** The first bytes of an array's file, as NumPy writes them. */
export function headerOf(dtype: DType, shape: readonly number[], fortranOrder: boolean): Buffer {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const order = fortranOrder ? 'True' : 'False';
  const dict = `{'descr': '${descrOf(dtype)}', 'fortran_order': ${order}, 'shape': ${tuple}, }`;
  const growing = shape.at(fortranOrder ? -1 : 0);
  const padded = dict + ' '.repeat(growing === undefined ? 0 : GROWTH_DIGITS - `${growing}`.length);
  const unaligned = MAGIC.length + 4 + padded.length + 1;
  const text = `${padded}${' '.repeat(ALIGNMENT - (unaligned % ALIGNMENT))}\n`;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(text.length);
  return Buffer.concat([MAGIC, Buffer.from([1, 0]), length, Buffer.from(text, 'latin1')]);
}

function parse(text: string): NpyHeader {
  const dict = readLiteral(text.trim());
  const keys = dict instanceof Map ? [...dict.keys()].sort().join() : '';
  if (!(dict instanceof Map) || keys !== 'descr,fortran_order,shape') {
    throw new CorruptArchiveError('its header should have descr, fortran_order and shape, and only those');
  }
  const [shape, fortranOrder] = [dict.get('shape'), dict.get('fortran_order')];
  if (!Array.isArray(shape) || !shape.every(Number.isSafeInteger) || typeof fortranOrder !== 'boolean') {
    throw new CorruptArchiveError('its header has no proper shape or fortran_order');
  }
  return { ...elementTypeOf(dict.get('descr')), shape: shape as number[], fortranOrder };
}
