import { native } from './native.js';

/** The type of a tensor's elements (torch.dtype). */
export class DType {
  declare protected readonly nominal: 'dtype';

  constructor(
    /** PyTorch's name: `float32`. */
    readonly name: string,
    /** c10::ScalarType. */
    readonly code: number,
    /** Bytes per element. */
    readonly itemsize: number,
    readonly kind: 'bool' | 'int' | 'float' | 'complex' | 'quantized' | 'bits' = 'int',
  ) {
    Object.freeze(this);
  }

  get isFloatingPoint(): boolean {
    return this.kind === 'float';
  }

  get isComplex(): boolean {
    return this.kind === 'complex';
  }

  toString(): string {
    return `torch.${this.name}`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

export const uint8 = new DType('uint8', 0, 1);
export const int8 = new DType('int8', 1, 1);
export const int16 = new DType('int16', 2, 2);
export const int32 = new DType('int32', 3, 4);
export const int64 = new DType('int64', 4, 8);
export const float16 = new DType('float16', 5, 2, 'float');
export const float32 = new DType('float32', 6, 4, 'float');
export const float64 = new DType('float64', 7, 8, 'float');
export const complex32 = new DType('complex32', 8, 4, 'complex');
export const complex64 = new DType('complex64', 9, 8, 'complex');
export const complex128 = new DType('complex128', 10, 16, 'complex');
export const bool = new DType('bool', 11, 1, 'bool');
export const qint8 = new DType('qint8', 12, 1, 'quantized');
export const quint8 = new DType('quint8', 13, 1, 'quantized');
export const qint32 = new DType('qint32', 14, 4, 'quantized');
export const bfloat16 = new DType('bfloat16', 15, 2, 'float');
export const float8_e5m2 = new DType('float8_e5m2', 23, 1, 'float');
export const float8_e4m3fn = new DType('float8_e4m3fn', 24, 1, 'float');
export const float8_e5m2fnuz = new DType('float8_e5m2fnuz', 25, 1, 'float');
export const float8_e4m3fnuz = new DType('float8_e4m3fnuz', 26, 1, 'float');
export const float8_e8m0fnu = new DType('float8_e8m0fnu', 44, 1, 'float');
export const uint16 = new DType('uint16', 27, 2);
export const uint32 = new DType('uint32', 28, 4);
export const uint64 = new DType('uint64', 29, 8);

// Python's other names; `float` is the function that marks floats.
export {
  complex32 as chalf,
  complex64 as cfloat,
  complex128 as cdouble,
  float16 as half,
  float64 as double,
  int16 as short,
  int32 as int,
  int64 as long,
};

/** Four bits per number, two numbers per element. */
export const float4_e2m1fn_x2 = new DType('float4_e2m1fn_x2', 45, 1, 'bits');
export const quint4x2 = new DType('quint4x2', 16, 1, 'quantized');
export const quint2x4 = new DType('quint2x4', 17, 1, 'quantized');
export const bits1x8 = new DType('bits1x8', 18, 1, 'bits');
export const bits2x4 = new DType('bits2x4', 19, 1, 'bits');
export const bits4x2 = new DType('bits4x2', 20, 1, 'bits');
export const bits8 = new DType('bits8', 21, 1, 'bits');
export const bits16 = new DType('bits16', 22, 2, 'bits');

// What libtorch has as names only (`uint1` to `uint7`, `int1` to `int7`): files may name them.
const narrow: readonly DType[] = ['uint', 'int'].flatMap((kind, row) =>
  Array.from({ length: 7 }, (_, i) => new DType(`${kind}${i + 1}`, 30 + 7 * row + i, 1, 'bits')),
);

export const dtypes: readonly DType[] = [
  uint8,
  int8,
  int16,
  int32,
  int64,
  float16,
  float32,
  float64,
  complex32,
  complex64,
  complex128,
  bool,
  qint8,
  quint8,
  qint32,
  bfloat16,
  float8_e5m2,
  float8_e4m3fn,
  float8_e5m2fnuz,
  float8_e4m3fnuz,
  float8_e8m0fnu,
  uint16,
  uint32,
  uint64,
  float4_e2m1fn_x2,
  quint4x2,
  quint2x4,
  bits1x8,
  bits2x4,
  bits4x2,
  bits8,
  bits16,
  ...narrow,
];

const byCode: (DType | undefined)[] = [];
for (const dtype of dtypes) byCode[dtype.code] = dtype;

/** The dtype of a c10::ScalarType; one that has no name here is shown by its number. */
export function dtypeOf(code: number): DType {
  byCode[code] ??= new DType(`dtype${code}`, code, 0, 'bits');
  return byCode[code];
}

/** The dtype of tensors made from numbers; per process (torch.get_default_dtype). */
export function getDefaultDtype(): DType {
  return dtypeOf(native.defaultDtype());
}

/** Throws TypeError for a dtype that is not floating point (torch.set_default_dtype). */
export function setDefaultDtype(dtype: DType): void {
  native.setDefaultDtype(dtype.code);
}
