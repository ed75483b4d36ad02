import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import * as torch from 'libtorch-node';
import { models, nn, type optim, type Tensor, vision } from 'libtorch-node';
import { DataLoader } from 'libtorch-node/data';

const { CosineAnnealingLR, LambdaLR, SequentialLR } = torch.optim.lrScheduler;
const [accumulation, epochs] = [2, 3];

type Loader = DataLoader<[Tensor, number], [Tensor, Tensor]>;

class AverageMeter {
  private sum = 0;
  private count = 0;

  update(val: number, n = 1) {
    this.sum += val * n;
    this.count += n;
  }

  get avg() {
    return this.sum / this.count;
  }
}

function accuracy(output: Tensor, target: Tensor, topk: readonly number[]) {
  return torch.noGrad(() => {
    const batchSize = target.size(0);
    let [, pred] = output.topk(Math.max(...topk), 1, true, true);
    pred = pred.t();
    const correct = pred.eq(target.view(1, -1).expandAs(pred));
    return topk.map((k) => {
      const correctK = correct.index(torch.slice(k)).reshape(-1).float().sum(0, { keepdim: true });
      return correctK.mul_(100 / batchSize).item();
    });
  });
}

function makeLoaders(root: string) {
  const normalize = new vision.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);
  const trainDataset = new vision.ImageFolder(join(root, 'train'), {
    transform: new vision.Compose([
      new vision.RandomResizedCrop(32),
      new vision.RandomHorizontalFlip(),
      new vision.RandAugment({ numOps: 1 }),
      new vision.ToDtype(torch.float32, { scale: true }),
      normalize,
      new vision.RandomErasing({ p: 0.2 }),
    ]),
  });
  const valDataset = new vision.ImageFolder(join(root, 'val'), {
    transform: new vision.Compose([
      new vision.Resize(36),
      new vision.CenterCrop(32),
      new vision.ToDtype(torch.float32, { scale: true }),
      normalize,
    ]),
  });
  const trainLoader = new DataLoader(trainDataset, {
    batchSize: 4,
    shuffle: true,
    numWorkers: 2,
    dropLast: true,
  });
  const valLoader = new DataLoader(valDataset, { batchSize: 4, shuffle: false, numWorkers: 2 });
  return { trainLoader, valLoader, classes: trainDataset.classes };
}

function makeTraining(numClasses: number) {
  const model = models.resnet18();
  model.fc = new nn.Linear(model.fc.inFeatures, numClasses);
  const optimizer = new torch.optim.SGD(model.parameters(), {
    lr: 0.1,
    momentum: 0.9,
    weightDecay: 1e-4,
    nesterov: true,
  });
  const warmup = new LambdaLR(optimizer, (epoch) => (epoch + 1) / 3);
  const cosine = new CosineAnnealingLR(optimizer, 4);
  const scheduler = new SequentialLR(optimizer, [warmup, cosine], [2]);
  return { model, optimizer, scheduler };
}

type Training = ReturnType<typeof makeTraining>;

async function train(loader: Loader, training: Training, criterion: nn.CrossEntropyLoss, log: number[]) {
  const { model, optimizer, scheduler } = training;
  model.train();
  const numClasses = model.fc.outFeatures;
  const mix = new vision.RandomChoice([new vision.MixUp({ numClasses }), new vision.CutMix({ numClasses })]);
  optimizer.zeroGrad();
  let i = 0;
  for await (const [plainImages, labels] of loader) {
    const [images, target] = mix.forward(plainImages, labels);
    const loss = criterion.forward(model.forward(images), target).div(accumulation);
    loss.backward();
    log.push(loss.item());
    i += 1;
    if (i % accumulation === 0) {
      nn.utils.clipGradNorm_(model.parameters(), 2.0);
      optimizer.step();
      optimizer.zeroGrad();
      scheduler.step();
    }
  }
}

async function validate(loader: Loader, model: models.ResNet, criterion: nn.CrossEntropyLoss) {
  const [losses, top1, top2] = [new AverageMeter(), new AverageMeter(), new AverageMeter()];
  model.eval();
  for await (const [images, target] of loader) {
    torch.noGrad(() => {
      const output = model.forward(images);
      const loss = criterion.forward(output, target);
      const [acc1, acc2] = accuracy(output, target, [1, 2]);
      losses.update(loss.item(), images.size(0));
      top1.update(acc1 as number, images.size(0));
      top2.update(acc2 as number, images.size(0));
    });
  }
  return { loss: losses.avg, acc1: top1.avg, acc2: top2.avg };
}

interface Checkpoint {
  epoch: number;
  arch: string;
  state_dict: nn.StateDict;
  best_acc1: number;
  optimizer: optim.OptimizerStateDict;
  scheduler: Map<string, unknown>;
  rng_state: Tensor;
}

/** A dict of Python's is a Map. */
interface Loaded {
  get<Key extends keyof Checkpoint>(key: Key): Checkpoint[Key];
}

async function saveCheckpoint(state: Checkpoint, isBest: boolean, folder: string) {
  const filename = join(folder, 'checkpoint.pth.tar');
  await torch.save(state, filename);
  if (isBest) copyFileSync(filename, join(folder, 'model_best.pth.tar'));
}

export async function classify({ root, folder }: { root: string; folder: string }) {
  const { trainLoader, valLoader, classes } = makeLoaders(root);
  const criterion = new nn.CrossEntropyLoss({ labelSmoothing: 0.1 });
  let training = makeTraining(classes.length);
  const log: number[] = [];
  const tests: unknown[] = [];
  let [bestAcc1, startEpoch] = [0, 0];
  for (let epoch = startEpoch; epoch < epochs; epoch += 1) {
    if (epoch === 1) {
      // As if the program had been stopped and started again.
      training = makeTraining(classes.length);
      const checkpoint = torch.load<Loaded>(join(folder, 'checkpoint.pth.tar'));
      startEpoch = checkpoint.get('epoch');
      bestAcc1 = checkpoint.get('best_acc1');
      training.model.loadStateDict(checkpoint.get('state_dict'));
      training.optimizer.loadStateDict(checkpoint.get('optimizer'));
      training.scheduler.loadStateDict(checkpoint.get('scheduler'));
      torch.setRngState(checkpoint.get('rng_state'));
    }
    const { model, optimizer, scheduler } = training;
    await train(trainLoader, training, criterion, log);
    const { loss, acc1, acc2 } = await validate(valLoader, model, criterion);
    tests.push([
      loss,
      torch.float(acc1),
      torch.float(acc2),
      torch.float(optimizer.paramGroups[0]?.lr as number),
    ]);
    const isBest = acc1 > bestAcc1;
    bestAcc1 = Math.max(acc1, bestAcc1);
    const state = {
      epoch: epoch + 1,
      arch: 'resnet18',
      state_dict: model.stateDict(),
      best_acc1: bestAcc1,
      optimizer: optimizer.stateDict(),
      scheduler: scheduler.stateDict(),
      rng_state: torch.getRngState(),
    };
    await saveCheckpoint(state, isBest, folder);
  }
  const best = torch.load<Loaded>(join(folder, 'model_best.pth.tar'));
  return {
    log,
    tests,
    best: [best.get('epoch'), torch.float(best.get('best_acc1'))],
    model: training.model.stateDict(),
    optimizer: training.optimizer.stateDict(),
    lr: training.scheduler.getLastLr(),
  };
}
