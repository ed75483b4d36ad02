// Four environments at once must each get what the main thread gets.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { report } from './peak.mjs';
import { selfTest } from './worker-self-test.mjs';

const workers = Array.from({ length: 4 }, () => new Worker(new URL('worker-self-test.mjs', import.meta.url)));
const answers = await Promise.all(workers.map(async (worker) => (await once(worker, 'message'))[0]));
report({ main: selfTest(), workers: answers });
