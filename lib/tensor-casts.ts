// Python's casts by name: `x.half()`, `x.long()`.

import * as dtypes from './dtype.js';
import { type MemoryFormat, preserveFormat } from './memory-format.js';
import { type Names, requireNames } from './options.js';
import { Tensor } from './tensor.js';

const casts = {
  bfloat16: dtypes.bfloat16,
  bool: dtypes.bool,
  byte: dtypes.uint8,
  cdouble: dtypes.complex128,
  cfloat: dtypes.complex64,
  chalf: dtypes.complex32,
  char: dtypes.int8,
  double: dtypes.float64,
  float: dtypes.float32,
  half: dtypes.float16,
  int: dtypes.int32,
  long: dtypes.int64,
  short: dtypes.int16,
};

export interface CastOptions {
  memoryFormat?: MemoryFormat | null;
}

const castNames: Names<CastOptions> = { memoryFormat: true };

type Cast = (options?: CastOptions) => Tensor;

declare module './tensor.js' {
  interface Tensor extends Record<keyof typeof casts, Cast> {}
}

for (const [name, dtype] of Object.entries(casts)) {
  const owner = { name };
  Object.defineProperty(Tensor.prototype, name, {
    value(this: Tensor, options: CastOptions = {}) {
      requireNames(owner, options, castNames);
      const { memoryFormat } = options;
      return this.to(dtype, { memoryFormat: memoryFormat ?? preserveFormat });
    },
    writable: true,
    configurable: true,
  });
}
