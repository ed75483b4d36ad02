// Compares this library with Python over PyTorch's own operator samples: npm run opinfo
//   --op NAME[,NAME]   these entries alone     --dtype NAME[,NAME]   float32 if not given
//   --every N          each N-th sample        --errors              the calls that must fail, by their texts
//   --update           puts the numbers into SUMMARY.md

import { parseArgs } from 'node:util';
import { SingleBar } from 'cli-progress';
import { compare } from './compare.mjs';
import { interpreter } from './interpreter.mjs';
import { differences, summary } from './summary.mjs';
import { updateSummary } from './summary-file.mjs';

const { values } = parseArgs({
  options: {
    op: { type: 'string' },
    dtype: { type: 'string', default: 'float32' },
    every: { type: 'string', default: '1' },
    errors: { type: 'boolean', default: false },
    update: { type: 'boolean', default: false },
  },
});

for (const dtype of values.dtype.split(',')) {
  const bar = new SingleBar({ format: `${dtype} {bar} {value}/{total} {op}`, hideCursor: true });
  const settings = {
    dtype,
    every: Number(values.every),
    only: values.op?.split(',') ?? null,
    errors: values.errors,
  };
  let done = 0;
  const rows = await compare(interpreter(), settings, ({ op }, known) => {
    if (done === 0) bar.start(known, 0, { op });
    bar.update(++done, { op });
  });
  bar.stop();
  console.log(summary(dtype, rows));
  if (values.update) updateSummary(values.errors ? 'refusals' : dtype, rows);
  if (differences(rows) > 0) process.exitCode = 1;
}
