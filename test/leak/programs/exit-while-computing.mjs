// process.exit(3) while four workers are in the middle of operators.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

const workers = Array.from({ length: 4 }, () => new Worker(new URL('worker-compute.mjs', import.meta.url)));
await Promise.all(workers.map((worker) => once(worker, 'message')));
process.exit(3);
