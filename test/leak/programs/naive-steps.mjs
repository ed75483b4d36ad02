// 200 training steps without any scope: what JavaScript holds at the end is what it held before.
import * as torch from 'libtorch-node';
import { peakMegabytes, report } from './peak.mjs';
import { settled } from './settled.mjs';

const { nn, optim } = torch;
torch.manualSeed(0);
const model = new nn.Sequential(
  new nn.Conv2d(3, 8, 3, { padding: 1 }),
  new nn.BatchNorm2d(8),
  new nn.ReLU({ inplace: true }),
  new nn.AdaptiveAvgPool2d(1),
  new nn.Flatten(),
  new nn.Linear(8, 4),
);
const optimizer = new optim.Adam(model.parameters());
const images = torch.rand([8, 3, 32, 32]);
const labels = torch.arange(8).remainder(4);

function step() {
  optimizer.zeroGrad();
  const loss = nn.functional.crossEntropy(model.forward(images), labels);
  loss.backward();
  optimizer.step();
  return loss.item();
}

step();
step();
const before = await settled();
const first = step();
let last = first;
for (let i = 0; i < 200; i++) last = step();
report({ before, after: await settled(), first, last, peak: peakMegabytes() });
