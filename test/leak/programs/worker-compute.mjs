// A worker that computes until it is ended; it says when it has begun.
import { parentPort } from 'node:worker_threads';
import * as torch from 'libtorch-node';

const a = torch.rand([160, 160]);
let b = a;
parentPort.postMessage('computing');
for (;;) b = torch.scope(() => a.matmul(b).relu().add(1).softmax(1));
