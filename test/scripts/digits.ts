import * as torch from 'libtorch-node';
import { nn, optim, type Tensor } from 'libtorch-node';
import { DataLoader, randomSplit, TensorDataset } from 'libtorch-node/data';

const F = nn.functional;
const { StepLR } = optim.lrScheduler;

class Net extends nn.Module {
  readonly conv1 = new nn.Conv2d(1, 8, 3);
  readonly conv2 = new nn.Conv2d(8, 16, 3);
  readonly dropout1 = new nn.Dropout(0.25);
  readonly dropout2 = new nn.Dropout(0.5);
  readonly fc1 = new nn.Linear(576, 32);
  readonly fc2 = new nn.Linear(32, 10);

  override forward(images: Tensor) {
    let x = this.conv1.forward(images);
    x = F.relu(x);
    x = this.conv2.forward(x);
    x = F.relu(x);
    x = F.maxPool2d(x, 2);
    x = this.dropout1.forward(x);
    x = torch.flatten(x, 1);
    x = this.fc1.forward(x);
    x = F.relu(x);
    x = this.dropout2.forward(x);
    x = this.fc2.forward(x);
    return F.logSoftmax(x, { dim: 1 });
  }
}

type Loader = DataLoader<[Tensor, Tensor]>;

async function train(model: Net, trainLoader: Loader, optimizer: optim.Optimizer, losses: number[]) {
  model.train();
  let batchIdx = 0;
  for await (const [data, target] of trainLoader) {
    optimizer.zeroGrad();
    const output = model.forward(data);
    const loss = F.nllLoss(output, target);
    loss.backward();
    optimizer.step();
    if (batchIdx % 2 === 0) losses.push(loss.item());
    batchIdx += 1;
  }
}

async function test(model: Net, testLoader: Loader) {
  model.eval();
  let testLoss = 0;
  let correct = 0;
  for await (const [data, target] of testLoader) {
    torch.noGrad(() => {
      const output = model.forward(data);
      testLoss += F.nllLoss(output, target, { reduction: 'sum' }).item();
      const pred = output.argmax({ dim: 1, keepdim: true });
      correct += pred.eq(target.viewAs(pred)).sum().item();
    });
  }
  const { length } = testLoader.dataset;
  return [torch.float(testLoss / length), torch.float((100 * correct) / length)];
}

export async function digits() {
  const images = torch.randn(40, 1, 16, 16);
  const labels = torch.randint(0, 10, [40]);
  const [trainSet, testSet] = randomSplit(new TensorDataset(images, labels), [30, 10]);
  const trainLoader = new DataLoader(trainSet, { batchSize: 8, shuffle: true, dropLast: false });
  const testLoader = new DataLoader(testSet, { batchSize: 5 });

  const model = new Net();
  const optimizer = new optim.Adadelta(model.parameters(), { lr: 1.0 });
  const scheduler = new StepLR(optimizer, 1, { gamma: 0.7 });
  const losses: number[] = [];
  const tests = [];
  for (let epoch = 1; epoch < 3; epoch += 1) {
    await train(model, trainLoader, optimizer, losses);
    tests.push(await test(model, testLoader));
    scheduler.step();
  }
  return {
    losses,
    tests,
    model: model.stateDict(),
    optimizer: optimizer.stateDict(),
    lr: scheduler.getLastLr(),
  };
}
