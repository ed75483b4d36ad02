// npm run optimizers -- --help

import { program } from 'commander';
import { names } from '../../options.mjs';
import { interpreter } from '../opinfo/interpreter.mjs';
import { compare, summary } from './compare.mjs';

const { only, dtype } = program
  .name('npm run optimizers --')
  .description("Compares the optimizers with Python over PyTorch's own samples.")
  .option('--only <names>', 'these alone', names)
  .option('--dtype <names>', 'of the samples', names, ['float32', 'float64', 'bfloat16', 'complex64'])
  .parse()
  .opts();

const rows = await compare(interpreter(), { dtypes: dtype, only: only ?? null });
console.log(summary(rows));
if (rows.some(({ equal }) => !equal)) process.exitCode = 1;
