import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import * as torch from 'libtorch-node';
import { expect, test } from 'vitest';

const program = `
const { parentPort, workerData } = require('node:worker_threads');
import(workerData.library).then((torch) => {
  if (workerData.token) {
    const x = torch.adopt(workerData.token);
    x.add_(1);
    parentPort.postMessage({ shape: x.shape, requiresGrad: x.requiresGrad });
  } else {
    parentPort.postMessage(torch.share(torch.ones([2])));
  }
});`;
const library = new URL('../dist/index.js', import.meta.url).href;
const worker = (token?: torch.SharedTensor) =>
  new Worker(program, { eval: true, workerData: { library, token } });

test('another thread gets the same memory', async () => {
  const x = torch.zeros([2, 3]);
  const other = worker(torch.share(x));
  const [answer] = await once(other, 'message');
  await once(other, 'exit');
  expect(answer).toEqual({ shape: [2, 3], requiresGrad: false });
  expect(x.tolist()).toEqual([
    [1, 1, 1],
    [1, 1, 1],
  ]);
});

test('what nobody adopted ends with its thread', async () => {
  const other = worker();
  const [token] = await once(other, 'message');
  await once(other, 'exit');
  expect(() => torch.adopt(token)).toThrow(/has ended/);
});

test('a token is good once, and a graph does not travel', () => {
  const token = torch.share(torch.ones([2], { requiresGrad: true }));
  expect(torch.adopt(token).requiresGrad).toBe(true);
  expect(() => torch.adopt(token)).toThrow(/adopted already/);
  expect(() => torch.adopt({} as torch.SharedTensor)).toThrow(TypeError);
  expect(() => torch.share(torch.ones([2], { requiresGrad: true }).mul(2))).toThrow(/non-leaf/);
});
