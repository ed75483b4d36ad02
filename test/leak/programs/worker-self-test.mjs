// What every environment must be able to do; answers with its numbers.
import { isMainThread, parentPort } from 'node:worker_threads';
import * as torch from 'libtorch-node';
import { report } from './peak.mjs';

const { nn, optim } = torch;

export function selfTest() {
  const generator = new torch.Generator().manualSeed(7);
  const model = new nn.Linear(8, 2);
  torch.noGrad(() => {
    model.weight.copy_(torch.rand([2, 8], { generator }));
    model.bias.zero_();
  });
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
  const x = torch.rand([16, 8], { generator });
  const losses = [];
  for (let i = 0; i < 20; i++) {
    torch.scope(() => {
      optimizer.zeroGrad();
      const loss = model.forward(x).pow(2).mean();
      loss.backward();
      optimizer.step();
      losses.push(loss.item());
    });
  }
  let refused = '';
  try {
    torch.matmul(x, x);
  } catch (error) {
    refused = error.constructor.name;
  }
  // 1.2 GB of garbage in all; what the others free at the same time must not keep this one from collecting.
  for (let i = 0; i < 300; i++) torch.ones([1 << 20]);
  return { numbers: { losses, refused }, live: torch.liveTensors() };
}

if (!isMainThread) parentPort.postMessage(selfTest());
else if (process.argv[1]?.endsWith('worker-self-test.mjs')) report(selfTest());
