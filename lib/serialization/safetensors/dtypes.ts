import {
  bfloat16,
  bool,
  complex64,
  type DType,
  float8_e4m3fn,
  float8_e4m3fnuz,
  float8_e5m2,
  float8_e5m2fnuz,
  float8_e8m0fnu,
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

// In the order of the format's own list: files are written from the last to the first, so that wide elements lie
// where they are aligned. null: elements of less than a byte, which no dtype here has.
const TABLE: readonly (readonly [name: string, dtype: DType | null])[] = [
  ['BOOL', bool],
  ['F4', null],
  ['F6_E2M3', null],
  ['F6_E3M2', null],
  ['U8', uint8],
  ['I8', int8],
  ['F8_E5M2', float8_e5m2],
  ['F8_E4M3', float8_e4m3fn],
  ['F8_E8M0', float8_e8m0fnu],
  ['F8_E4M3FNUZ', float8_e4m3fnuz],
  ['F8_E5M2FNUZ', float8_e5m2fnuz],
  ['I16', int16],
  ['U16', uint16],
  ['F16', float16],
  ['BF16', bfloat16],
  ['I32', int32],
  ['U32', uint32],
  ['F32', float32],
  ['C64', complex64],
  ['F64', float64],
  ['I64', int64],
  ['U64', uint64],
];

const BY_NAME = new Map(TABLE);
const RANKS = new Map(TABLE.map(([, dtype], rank) => [dtype, rank]));

/** The dtype of a name in a file; null where there is none here, undefined for a name that the format lacks. */
export function dtypeNamed(name: string): DType | null | undefined {
  return BY_NAME.get(name);
}

/** The name in files and the place in the order of the format; undefined for what it cannot hold (complex128). */
export function formatOf(dtype: DType): { name: string; rank: number } | undefined {
  const rank = RANKS.get(dtype);
  const row = rank === undefined ? undefined : TABLE[rank];
  return row && rank !== undefined ? { name: row[0], rank } : undefined;
}
