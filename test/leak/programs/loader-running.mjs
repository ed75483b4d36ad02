// Reads batches of two worker threads for ever, until a signal ends it.
import * as torch from 'libtorch-node';
import makeDataset from './loader-dataset.mjs';

const workerModule = new URL('loader-dataset.mjs', import.meta.url);
const loader = new torch.data.DataLoader(makeDataset(), { batchSize: 2, numWorkers: 2, workerModule });
for (;;) for await (const { index } of loader) console.log(index.numel());
