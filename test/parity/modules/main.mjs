// npm run modules -- --help

import { program } from 'commander';
import { count, names } from '../../options.mjs';
import { interpreter } from '../opinfo/interpreter.mjs';
import { summary } from '../opinfo/summary.mjs';
import { compare } from './compare.mjs';

const {
  module,
  dtype: dtypes,
  every,
  errors,
  others,
} = program
  .name('npm run modules --')
  .description("Compares this library with Python over PyTorch's own samples of modules.")
  .option('--module <names>', 'these alone', names)
  .option('--dtype <names>', 'of the samples', names, ['float32'])
  .option('--every <n>', 'each n-th sample', count, 1)
  .option('--errors', 'the calls that must fail, by their texts', false)
  .option('--others', 'samples of ours, of modules that the table leaves out', false)
  .parse()
  .opts();

for (const dtype of dtypes) {
  const rows = await compare(interpreter(), { dtype, every, only: module ?? null, errors, others });
  console.log(summary(dtype, rows));
  if (rows.some(({ different }) => different.length > 0)) process.exitCode = 1;
}
