// A DataLoader with two threads ends in one of many ways: node loader-ends.mjs WAY. Threads of the process before it and
// once it has ended, and the error.
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import * as torch from 'libtorch-node';
import makeDataset from './loader-dataset.mjs';
import { report } from './peak.mjs';

torch.setNumThreads(1);
const [, , way] = process.argv;
const threads = () => readdirSync('/proc/self/task').length;
const loaderOf = (workerData, options) =>
  new torch.data.DataLoader(makeDataset(workerData), {
    ...{
      batchSize: 2,
      numWorkers: 2,
      workerModule: new URL('loader-dataset.mjs', import.meta.url),
      workerData,
    },
    ...options,
  });

async function all(loader, each = () => {}) {
  for await (const batch of loader) await each(batch);
}

const fail = () => {
  throw new Error('enough');
};

const ways = {
  whole: () => all(loaderOf({})),
  'loop throws': () => all(loaderOf({}), fail),
  'worker throws': () => all(loaderOf({ bad: 7 })),
  'collate throws': () => all(loaderOf({}, { collateFn: fail })),
  'module throws': () =>
    all(loaderOf({}, { workerModule: 'data:text/javascript,throw new Error("no module")' })),
  timeout: () => all(loaderOf({ slow: 6 }, { timeout: 5 })),
  async break() {
    for await (const batch of loaderOf({})) if (batch) break;
  },
  async close() {
    const loader = loaderOf({}, { persistentWorkers: true });
    await all(loader);
    await loader.close();
  },
  /** A program that stops its loop at Ctrl-C and goes on. */
  async interrupt() {
    let stopped = false;
    const asked = once(process, 'SIGINT').then(() => {
      stopped = true;
    });
    for await (const batch of loaderOf({})) {
      if (!batch || stopped) break;
      process.kill(process.pid, 'SIGINT');
      await asked;
    }
  },
};

// What the first thread brings along stays: its compiler's threads, its pool of files.
await ways.whole();
await setTimeout(200);
const before = threads();
const error = await ways[way]().then(
  () => null,
  ({ message }) => message.split('\n')[0],
);
for (let i = 0; i < 50 && threads() > before; i++) await setTimeout(100);
report({ before, after: threads(), error });
