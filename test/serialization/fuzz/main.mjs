// npm run fuzz:checkpoints: prints a line of JSON with the outcomes, or fails with the file that the loader did not stand.

import { SingleBar } from 'cli-progress';
import { program } from 'commander';

import { count } from '../../options.mjs';
import { fuzzArchives } from './archives.mjs';
import { fuzzPickles } from './pickles.mjs';

const options = program
  .name('npm run fuzz:checkpoints --')
  .description('Changes checkpoints at random and loads them.')
  .option('--archives <n>', 'whole files', count, 100_000)
  .option('--pickles <n>', 'pickles alone', count, 100_000)
  .option('--seed <n>', 'of the changes', count, 1)
  .parse()
  .opts();

function run(name, fuzz, files) {
  const bar = new SingleBar({
    format: `${name} {bar} {value}/{total}, {eta_formatted} left`,
    hideCursor: true,
  });
  bar.start(files, 0);
  try {
    return fuzz(files, options.seed, (done) => bar.update(done));
  } finally {
    bar.stop();
  }
}

const archives = run('archives', fuzzArchives, options.archives);
const pickles = run('pickles', fuzzPickles, options.pickles);
console.log(JSON.stringify({ archives, pickles }));
