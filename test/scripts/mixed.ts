import * as torch from 'libtorch-node';
import { nn, slice, type Tensor } from 'libtorch-node';
import { autocast, GradScaler } from 'libtorch-node/amp';
import { AveragedModel, getEmaMultiAvgFn, updateBn } from 'libtorch-node/swa';

const F = nn.functional;
const { CosineAnnealingWarmRestarts } = torch.optim.lrScheduler;
const numClasses = 4;

class SqueezeExcite extends nn.Module {
  readonly pool = new nn.AdaptiveAvgPool2d(1);
  readonly fc: nn.Sequential;

  constructor(channels: number) {
    super();
    this.fc = new nn.Sequential(
      new nn.Conv2d(channels, 4, 1),
      new nn.Hardswish(),
      new nn.Conv2d(4, channels, 1),
      new nn.Hardsigmoid(),
    );
  }

  override forward(x: Tensor) {
    return x.mul(this.fc.forward(this.pool.forward(x)));
  }
}

function makeModel() {
  return new nn.Sequential(
    new nn.Conv2d(3, 8, 3, { padding: 1, bias: false }),
    new nn.BatchNorm2d(8),
    new nn.Mish(),
    new nn.Conv2d(8, 8, 3, { padding: 1, groups: 4 }),
    new SqueezeExcite(8),
    new nn.GroupNorm(2, 8),
    new nn.Dropout2d(0.1),
    new nn.AdaptiveAvgPool2d(1),
    new nn.Flatten(),
    new nn.Linear(8, numClasses),
  );
}

function mixup(images: Tensor, labels: Tensor): [Tensor, Tensor] {
  const lam = torch.rand(1).item();
  const index = torch.randperm(images.size(0));
  const targets = F.oneHot(labels, { numClasses }).float();
  const mix = (x: Tensor) => x.mul(lam).add(x.index(index).mul(1 - lam));
  return [mix(images), mix(targets)];
}

function cutmix(given: Tensor, labels: Tensor): [Tensor, Tensor] {
  const index = torch.randperm(given.size(0));
  const [H, W] = given.shape.slice(-2) as [number, number];
  const cut = Math.sqrt(1 - 0.75);
  const [rX, rY] = [torch.randint(W, [1]).item(), torch.randint(H, [1]).item()];
  const [halfX, halfY] = [Math.trunc((W * cut) / 2), Math.trunc((H * cut) / 2)];
  const [x1, x2] = [Math.max(0, rX - halfX), Math.min(W, rX + halfX)];
  const [y1, y2] = [Math.max(0, rY - halfY), Math.min(H, rY + halfY)];
  const images = given.clone();
  const box = [slice(), slice(y1, y2), slice(x1, x2)];
  images.indexPut_([slice(), ...box], images.index(index, ...box));
  const lam = 1 - ((x2 - x1) * (y2 - y1)) / (W * H);
  const targets = F.oneHot(labels, { numClasses }).float();
  return [images, targets.mul(lam).add(targets.index(index), { alpha: 1 - lam })];
}

export async function mixed() {
  const model = makeModel().to({ memoryFormat: torch.channelsLast });
  const ema = new AveragedModel(model, { multiAvgFn: getEmaMultiAvgFn(0.9), useBuffers: true });
  const swa = new AveragedModel(model);
  const optimizer = new torch.optim.AdamW(model.parameters(), { lr: 1e-2, betas: [0.9, 0.98] });
  const scheduler = new CosineAnnealingWarmRestarts(optimizer, 2, { tMult: 2, etaMin: 1e-4 });
  const scaler = new GradScaler('cpu', { initScale: 2 ** 24, growthInterval: 2 });
  const [images, labels] = [torch.rand(24, 3, 12, 12), torch.randint(numClasses, [24])];
  images.indexPut_([5], 1e4);
  const log = [];
  for (let step = 0; step < 6; step += 1) {
    const batch = slice(4 * step, 4 * step + 4);
    const mix = step % 2 === 0 ? mixup : cutmix;
    const [x, y] = mix(
      images.index(batch).contiguous({ memoryFormat: torch.channelsLast }),
      labels.index(batch),
    );
    optimizer.zeroGrad();
    const [output, loss] = autocast('cpu', { dtype: torch.bfloat16 }, () => {
      const logits = model.forward(x);
      return [logits, F.crossEntropy(logits, y)] as const;
    });
    scaler.scale(loss).backward();
    scaler.unscale_(optimizer);
    const norm = nn.utils.clipGradNorm_(model.parameters(), 1.0);
    scaler.step(optimizer);
    scaler.update();
    scheduler.step(step + 1);
    ema.updateParameters(model);
    if (step >= 3) swa.updateParameters(model);
    const scale = torch.float(scaler.getScale());
    log.push([String(output.dtype), loss.item(), norm.item(), scale, scheduler.getLastLr()[0]]);
  }
  await updateBn(images.split(8), swa);
  ema.eval();
  const predicted = torch.inferenceMode(() => autocast('cpu', () => ema.forward(images).argmax(-1)));
  return {
    log,
    predicted,
    model: model.stateDict(),
    ema: ema.stateDict(),
    swa: swa.stateDict(),
    optimizer: optimizer.stateDict(),
    scaler: scaler.stateDict(),
  };
}
