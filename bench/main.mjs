// npm run bench -- --help
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Argument, program } from 'commander';
import { hasModule, median, ours, pairs, ratioText } from './pairs.mjs';

function xception(label, settings, rounds) {
  const results = pairs('xception', { threads: 2, ...settings }, rounds);
  // The first pass of either side warms caches; it is not counted.
  const time = ({ answer }) => median(answer.ms.slice(1));
  const same = results.every(({ ours, python }) => ours.answer.digest === python.answer.digest);
  const ours = median(results.map((pair) => time(pair.ours))).toFixed(0);
  const python = median(results.map((pair) => time(pair.python))).toFixed(0);
  const ratio = ratioText(results.map((pair) => time(pair.ours) / time(pair.python)));
  const peak = ratioText(results.map((pair) => pair.ours.answer.peak / pair.python.answer.peak));
  console.log(
    `| ${label} | ${ours} ms | ${python} ms | ${ratio} | ${peak} | ${same ? 'same' : 'DIFFERENT'} |`,
  );
}

function smallOps(scoped, rounds) {
  const results = pairs('small-ops', { scoped }, rounds);
  for (const name of Object.keys(results[0].ours.answer)) {
    const of = (side) => results.map((pair) => pair[side].answer[name]);
    const ratios = of('ours').map((value, i) => value / of('python')[i]);
    const [ours, python] = [median(of('ours')), median(of('python'))].map((value) => value.toFixed(2));
    console.log(
      `| ${name}, ${scoped ? 'in a scope' : 'no scope'} | ${ours} µs | ${python} µs | ${ratioText(ratios)} |`,
    );
  }
}

// Both sides load one file; the first pass of a process is cold and counted apart. We flush what is saved to the disk,
// which PyTorch does not by itself: 'save' is what users get, 'save-flushed' compares like with like.
function checkpoint(mode, rounds, passes) {
  const folder = mkdtempSync(join(process.env.LIBTORCH_NODE_BENCH_FOLDER ?? tmpdir(), 'checkpoint-'));
  const source = join(folder, 'source.pt');
  try {
    ours('checkpoint', { mode: 'save', path: source, passes: 1 });
    const path = mode === 'load' ? source : join(folder, 'saved.pt');
    const results = pairs('checkpoint', { mode, path, source, passes }, rounds);
    const time = ({ answer }) => median(answer.ms.slice(-20));
    const row = (name, unit, of) => {
      const [mine, theirs] = ['ours', 'python'].map((side) => results.map((pair) => of(pair[side])));
      const ratio = ratioText(mine.map((value, i) => value / theirs[i]));
      console.log(
        `| ${name} | ${median(mine).toFixed(1)} ${unit} | ${median(theirs).toFixed(1)} ${unit} | ${ratio} |`,
      );
    };
    if (passes > 1) row(`${mode}, warm, median of the last 20 of ${passes}`, 'ms', time);
    row(`${mode}, first in its process`, 'ms', ({ answer }) => answer.ms[0]);
    row(`process that does nothing but ${mode} ${passes} times`, 'ms', ({ elapsed }) => elapsed);
    row(`growth of peak memory, ${mode}`, 'MB', ({ answer }) => answer.growth);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// LIBTORCH_NODE_PYTHON names a Python that has torchvision, which the pinned one has not. The first epoch of either side warms caches; it is not counted.
function photos(label, settings, rounds) {
  const folder = fileURLToPath(new URL('../examples/photos/train', import.meta.url));
  const results = pairs('photos', { folder, repeats: 4, epochs: 3, batchSize: 32, ...settings }, rounds);
  const rate = ({ answer }) => median(answer.rates.slice(1));
  const same = results.every(({ ours, python }) => ours.answer.digest === python.answer.digest);
  const [ours, python] = ['ours', 'python'].map((side) => median(results.map((pair) => rate(pair[side]))));
  const ratio = ratioText(results.map((pair) => rate(pair.ours) / rate(pair.python)));
  console.log(
    `| ${label} | ${ours.toFixed(0)} /s | ${python.toFixed(0)} /s | ${ratio} | ${same ? 'same' : 'DIFFERENT'} |`,
  );
}

const benches = {
  start() {
    const results = pairs('first-op', {}, 9);
    const of = (side) => results.map((pair) => pair[side].elapsed);
    const ratios = of('ours').map((value, i) => value / of('python')[i]);
    console.log(
      `| process start to first op | ${median(of('ours')).toFixed(0)} ms | ${median(of('python')).toFixed(0)} ms | ${ratioText(ratios)} |`,
    );
  },
  small() {
    smallOps(true, 3);
    smallOps(false, 3);
  },
  drift() {
    const late = Array.from({ length: 3 }, () => ours('drift', {}).answer.late);
    console.log(
      `| a 1 ms timer beside 2 s of awaited matmuls, at most late | ${median(late).toFixed(1)} ms (${Math.min(...late).toFixed(1)}–${Math.max(...late).toFixed(1)}) |`,
    );
  },
  train: () => xception('train step, 128 px, batch 8', { mode: 'train', size: 128, batch: 8, passes: 6 }, 5),
  forward: () => xception('forward, 299 px, batch 8', { mode: 'forward', size: 299, batch: 8, passes: 4 }, 3),
  photos() {
    if (!hasModule('torchvision')) return console.log('photos: not measured, this Python has no torchvision');
    photos('photos, decoded and augmented to 224 px, two queues', { threads: false }, 3);
    photos('the same, two worker threads', { threads: true }, 3);
  },
  load: () => checkpoint('load', 3, 41),
  'load-cold': () => checkpoint('load', 5, 1),
  save: () => checkpoint('save', 3, 21),
  'save-flushed': () => checkpoint('save-flushed', 3, 21),
  'train-worker': () =>
    xception('train step in a worker', { mode: 'train', size: 128, batch: 8, passes: 6, worker: true }, 5),
  'forward-worker': () =>
    xception('forward in a worker', { mode: 'forward', size: 299, batch: 8, passes: 4, worker: true }, 5),
};

const { processedArgs } = program
  .name('npm run bench --')
  .description('Prints rows for RESULTS.md. Run it on a quiet machine.')
  .addArgument(new Argument('[benches...]', 'all, if none is named').choices(Object.keys(benches)))
  .parse();
console.log(`load ${loadavg()[0].toFixed(2)}`);
for (const name of processedArgs[0].length > 0 ? processedArgs[0] : Object.keys(benches)) benches[name]();
