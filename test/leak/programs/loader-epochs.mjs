// 100 epochs of a DataLoader: node loader-epochs.mjs WAY. What the last 50 added to the process, what lives, the peak.
import { readFileSync } from 'node:fs';
import * as torch from 'libtorch-node';
import makeDataset from './loader-dataset.mjs';
import { peakMegabytes, report } from './peak.mjs';
import { settled } from './settled.mjs';

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

/** Without the pages that are kept for the next tensors. */
function rss() {
  torch.emptyCache();
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
}

// What a kept thread made waits for its own collector: what counts is the least of ten epochs.
const least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
const lives = [];
for (let epoch = 1; epoch <= 100; epoch++) {
  for await (const { image } of loader) if (image.numel() === 0) throw new Error('an empty batch');
  if (epoch % 50 <= 40 && epoch % 50 > 0) continue;
  lives.push(await settled());
  const half = epoch <= 50 ? 0 : 1;
  least[half] = Math.min(least[half], rss());
}
const grown = Math.round(least[1] - least[0]);
await loader.close();
report({ live: lives[0], after: lives.at(-1), grown, peak: peakMegabytes() });
