// Compares the optimizers with Python over PyTorch's own samples: npm run optimizers
//   --only NAME[,NAME]   these alone     --dtypes NAME[,NAME]

import { parseArgs } from 'node:util';
import { interpreter } from '../opinfo/interpreter.mjs';
import { compare, summary } from './compare.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    dtypes: { type: 'string', default: 'float32,float64,bfloat16,complex64' },
  },
});

const rows = await compare(interpreter(), {
  dtypes: values.dtypes.split(','),
  only: values.only?.split(',') ?? null,
});
console.log(summary(rows));
if (rows.some(({ equal }) => !equal)) process.exitCode = 1;
