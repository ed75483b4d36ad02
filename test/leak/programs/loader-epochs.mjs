// 100 epochs of a DataLoader: node loader-epochs.mjs WAY. What the last 50 added to the process, and what lives.
import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import * as torch from 'libtorch-node';
import makeDataset from './loader-dataset.mjs';
import { report } from './peak.mjs';

torch.setNumThreads(1);
const [, , way] = process.argv;
const module = { workerModule: new URL('loader-dataset.mjs', import.meta.url) };
const options = {
  alone: {},
  queues: { numWorkers: 2 },
  threads: { numWorkers: 2, ...module },
  kept: { numWorkers: 2, persistentWorkers: true, ...module },
}[way];
const loader = new torch.data.DataLoader(makeDataset(), { batchSize: 4, shuffle: true, ...options });
const rss = () => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;

/** Live tensors once the collector has taken what nobody holds; external memory makes it run. */
async function settled() {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 8; i++) {
    for (let j = 0; j < 60; j++) torch.empty([1 << 20]);
    await setImmediate();
    least = Math.min(least, torch.liveTensors());
  }
  torch.emptyCache();
  return least;
}

let [half, live] = [0, 0];
for (let epoch = 0; epoch < 100; epoch++) {
  if (epoch === 50) {
    live = await settled();
    half = rss();
  }
  for await (const { image } of loader) if (image.numel() === 0) throw new Error('an empty batch');
}
const after = await settled();
const grown = Math.round(rss() - half);
await loader.close();
report({ live, after, grown });
