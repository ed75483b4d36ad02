// Changes checkpoints at random and loads them: npm run fuzz:checkpoints
//   --archives N   whole files (100,000)     --pickles N   pickles alone (100,000)     --seed N   another row (1)
// Prints a line of JSON with the outcomes, or fails with the file that the loader did not stand.

import { parseArgs } from 'node:util';
import { SingleBar } from 'cli-progress';

import { fuzzArchives } from './archives.mjs';
import { fuzzPickles } from './pickles.mjs';

const { values } = parseArgs({
  options: {
    archives: { type: 'string', default: '100000' },
    pickles: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
  },
});

function run(name, fuzz, count) {
  const bar = new SingleBar({
    format: `${name} {bar} {value}/{total}, {eta_formatted} left`,
    hideCursor: true,
  });
  bar.start(count, 0);
  try {
    return fuzz(count, Number(values.seed), (done) => bar.update(done));
  } finally {
    bar.stop();
  }
}

const archives = run('archives', fuzzArchives, Number(values.archives));
const pickles = run('pickles', fuzzPickles, Number(values.pickles));
console.log(JSON.stringify({ archives, pickles }));
