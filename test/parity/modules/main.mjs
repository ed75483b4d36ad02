// Compares this library with Python over PyTorch's own samples of modules: npm run modules
//   --module NAME[,NAME]   these alone     --dtype NAME[,NAME]   float32 if not given
//   --every N              each N-th sample     --errors         the calls that must fail, by their texts
//   --others               samples of ours, of modules that the table leaves out

import { parseArgs } from 'node:util';
import { interpreter } from '../opinfo/interpreter.mjs';
import { summary } from '../opinfo/summary.mjs';
import { compare } from './compare.mjs';

const { values } = parseArgs({
  options: {
    module: { type: 'string' },
    dtype: { type: 'string', default: 'float32' },
    every: { type: 'string', default: '1' },
    errors: { type: 'boolean', default: false },
    others: { type: 'boolean', default: false },
  },
});

for (const dtype of values.dtype.split(',')) {
  const only = values.module?.split(',') ?? null;
  const settings = { dtype, every: Number(values.every), only, errors: values.errors, others: values.others };
  const rows = await compare(interpreter(), settings);
  console.log(summary(dtype, rows));
  if (rows.some(({ different }) => different.length > 0)) process.exitCode = 1;
}
