// npm run opinfo -- --help

import { SingleBar } from 'cli-progress';
import { program } from 'commander';
import { count, names } from '../../options.mjs';
import { compare } from './compare.mjs';
import { interpreter } from './interpreter.mjs';
import { differences, summary } from './summary.mjs';
import { updateSummary } from './summary-file.mjs';

const {
  op,
  dtype: dtypes,
  every,
  errors,
  update,
} = program
  .name('npm run opinfo --')
  .description("Compares this library with Python over PyTorch's own operator samples.")
  .option('--op <names>', 'these entries alone', names)
  .option('--dtype <names>', 'of the samples', names, ['float32'])
  .option('--every <n>', 'each n-th sample', count, 1)
  .option('--errors', 'the calls that must fail, by their texts', false)
  .option('--update', 'puts the numbers into SUMMARY.md')
  .parse()
  .opts();

for (const dtype of dtypes) {
  const bar = new SingleBar({ format: `${dtype} {bar} {value}/{total} {op}`, hideCursor: true });
  const settings = { dtype, every, only: op ?? null, errors };
  let done = 0;
  const rows = await compare(interpreter(), settings, (entry, known) => {
    if (done === 0) bar.start(known, 0, { op: entry.op });
    bar.update(++done, { op: entry.op });
  });
  bar.stop();
  console.log(summary(dtype, rows));
  if (update) updateSummary(errors ? 'refusals' : dtype, rows);
  if (differences(rows) > 0) process.exitCode = 1;
}
