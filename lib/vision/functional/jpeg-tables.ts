import { tensor } from '../../creation.js';
import { float64 } from '../../dtype.js';
import type { Tensor } from '../../tensor.js';

/** Which table of the standard quantizes a plane. */
export type QuantizationKind = 'luma' | 'chroma';

// ITU-T T.81, tables K.1 and K.2.
const TABLES: Record<QuantizationKind, readonly number[]> = {
  luma: read(`
    16 11 10 16 24 40 51 61
    12 12 14 19 26 58 60 55
    14 13 16 24 40 57 69 56
    14 17 22 29 51 87 80 62
    18 22 37 56 68 109 103 77
    24 35 55 64 81 104 113 92
    49 64 78 87 103 121 120 101
    72 92 95 98 112 100 103 99
  `),
  chroma: read(`
    17 18 24 47 99 99 99 99
    18 21 26 66 99 99 99 99
    24 26 56 99 99 99 99 99
    47 66 99 99 99 99 99 99
    99 99 99 99 99 99 99 99
    99 99 99 99 99 99 99 99
    99 99 99 99 99 99 99 99
    99 99 99 99 99 99 99 99
  `),
};

/** The steps [8, 8] in float64 for a quality from 1 to 100, by the formula of libjpeg. */
export function quantizationSteps(kind: QuantizationKind, quality: number): Tensor {
  const percent = quality < 50 ? Math.trunc(5000 / quality) : 200 - 2 * quality;
  const steps = TABLES[kind].map((step) =>
    Math.min(Math.max(Math.trunc((step * percent + 50) / 100), 1), 255),
  );
  return tensor(steps, { dtype: float64 }).view([8, 8]);
}

function read(table: string): number[] {
  return table.trim().split(/\s+/).map(Number);
}
