// Photos through a DataLoader with two workers, ours: images per second of each epoch, and the bits of all batches.
import { createHash } from 'node:crypto';
import * as torch from 'libtorch-node';
import makeDataset from './photos-dataset.mjs';

const { folder, repeats, epochs, batchSize, threads } = JSON.parse(process.argv[2]);
const data = { folder, repeats };
const workers = threads
  ? { workerModule: new URL('photos-dataset.mjs', import.meta.url), workerData: data }
  : {};

// Decoders and augmentation share the processors; a worker of Python computes alone too.
torch.setNumThreads(1);
torch.manualSeed(0);
const dataset = makeDataset(data);
const loader = new torch.data.DataLoader(dataset, { batchSize, shuffle: true, numWorkers: 2, ...workers });
const hash = createHash('sha256');
const rates = [];
for (let epoch = 0; epoch < epochs; epoch++) {
  const begin = performance.now();
  let count = 0;
  for await (const [images, labels] of loader) {
    count += labels.numel();
    if (epoch === 0) hash.update(images.contiguous().typedArray());
    images.dispose();
  }
  rates.push(count / ((performance.now() - begin) / 1000));
}
console.log(JSON.stringify({ rates, digest: hash.digest('hex').slice(0, 16) }));
