// Four workers terminated in the middle of operators, as often as the argument says.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import * as torch from 'libtorch-node';
import { report } from './peak.mjs';

torch.setNumThreads(1);
const rounds = Number(process.argv[2]);
for (let round = 0; round < rounds; round++) {
  const workers = Array.from({ length: 4 }, () => new Worker(new URL('worker-compute.mjs', import.meta.url)));
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  await Promise.all(workers.map((worker) => worker.terminate()));
}
report({ rounds, sum: torch.ones([3]).sum().item() });
