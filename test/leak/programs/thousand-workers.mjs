// Workers started and ended one after the other, every tenth terminated in the middle of operators: what the process
// grew by while the second half of them came and went.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import * as torch from 'libtorch-node';
import { report } from './peak.mjs';

torch.setNumThreads(1);
const rss = () => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
const count = Number(process.argv[2]);
const entry = import.meta.resolve('libtorch-node');
const brief = `
  const { parentPort } = require('node:worker_threads');
  import(${JSON.stringify(entry)}).then((torch) => {
    const w = torch.ones([8], { requiresGrad: true });
    w.mul(2).sum().backward();
    parentPort.postMessage(w.grad.sum().item());
  });`;

let before = 0;
let wrong = 0;
for (let i = 0; i < count; i++) {
  if (i === count / 2) before = rss();
  if (i % 10 === 9) {
    const worker = new Worker(new URL('worker-compute.mjs', import.meta.url));
    await once(worker, 'message');
    await worker.terminate();
  } else {
    const worker = new Worker(brief, { eval: true });
    const [sum] = await once(worker, 'message');
    if (sum !== 16) wrong++;
    await once(worker, 'exit');
  }
}
report({ count, wrong, grown: Math.round(rss() - before), live: torch.liveTensors() });
