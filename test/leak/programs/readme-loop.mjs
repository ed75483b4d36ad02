// The README's loop, verbatim: the first optimizer step happens inside a scope and makes the lazy state.
import * as torch from 'libtorch-node';
import { report } from './peak.mjs';

const { nn, optim } = torch;
torch.manualSeed(0);
const dataset = new torch.data.TensorDataset(torch.rand([12, 3, 16, 16]), torch.arange(12).remainder(4));

async function train(makeOptimizer) {
  const model = new nn.Sequential(
    new nn.Conv2d(3, 4, 3),
    new nn.ReLU(),
    new nn.AdaptiveAvgPool2d(1),
    new nn.Flatten(),
    new nn.Linear(4, 4),
  );
  const optimizer = makeOptimizer(model.parameters());
  const loader = new torch.data.DataLoader(dataset, { batchSize: 4, shuffle: true });
  const losses = [];
  for await (const [images, labels] of loader) {
    torch.scope(() => {
      optimizer.zeroGrad();
      const loss = nn.functional.crossEntropy(model.forward(images), labels);
      loss.backward();
      optimizer.step();
      losses.push(loss.item());
    });
  }
  return losses;
}

report({
  sgd: await train(
    (parameters) => new optim.SGD(parameters, { lr: 0.045, momentum: 0.9, weightDecay: 1e-5 }),
  ),
  adam: await train((parameters) => new optim.Adam(parameters)),
});
