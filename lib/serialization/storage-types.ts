import {
  bfloat16,
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
  qint8,
  qint32,
  quint2x4,
  quint4x2,
  quint8,
  uint8,
} from '../dtype.js';

/** A storage class as a file names it; null is bytes without a dtype. */
export class StorageType {
  readonly dtype: DType | null;

  constructor(dtype: DType | null) {
    this.dtype = dtype;
  }
}

/**
 * The storage classes `torch.FloatStorage` and so on, by their names in files. Dtypes without one (uint16, float8, ...)
 * are saved with `torch.storage.UntypedStorage` and name the dtype at the tensor.
 */
export const STORAGE_DTYPES: ReadonlyMap<string, DType> = new Map([
  ['DoubleStorage', float64],
  ['FloatStorage', float32],
  ['HalfStorage', float16],
  ['BFloat16Storage', bfloat16],
  ['LongStorage', int64],
  ['IntStorage', int32],
  ['ShortStorage', int16],
  ['CharStorage', int8],
  ['ByteStorage', uint8],
  ['BoolStorage', bool],
  ['ComplexDoubleStorage', complex128],
  ['ComplexFloatStorage', complex64],
  ['QUInt8Storage', quint8],
  ['QInt8Storage', qint8],
  ['QInt32Storage', qint32],
  ['QUInt4x2Storage', quint4x2],
  ['QUInt2x4Storage', quint2x4],
]);

const NAMES = new Map([...STORAGE_DTYPES].map(([name, dtype]) => [dtype, name]));

/** The storage class of a dtype, or undefined where there is none. */
export function storageName(dtype: DType): string | undefined {
  return NAMES.get(dtype);
}
