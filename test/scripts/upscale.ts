import * as torch from 'libtorch-node';
import { math, nn, slice, type Tensor } from 'libtorch-node';

const F = nn.functional;
const { init } = nn;

class Net extends nn.Module {
  readonly relu = new nn.ReLU();
  readonly conv1 = new nn.Conv2d(1, 16, [5, 5], { padding: [2, 2], paddingMode: 'reflect' });
  readonly conv2 = new nn.Conv2d(16, 8, [3, 3], { padding: [1, 1] });
  readonly conv3: nn.Conv2d;
  readonly pixelShuffle: nn.PixelShuffle;

  constructor(upscaleFactor: number) {
    super();
    this.conv3 = new nn.Conv2d(8, upscaleFactor ** 2, [3, 3], { padding: [1, 1] });
    this.pixelShuffle = new nn.PixelShuffle(upscaleFactor);
    init.orthogonal_(this.conv1.weight, { gain: init.calculateGain('relu') });
    init.orthogonal_(this.conv2.weight, { gain: init.calculateGain('relu') });
    init.orthogonal_(this.conv3.weight);
  }

  override forward(input: Tensor) {
    let x = this.relu.forward(this.conv1.forward(input));
    x = this.relu.forward(this.conv2.forward(x));
    return this.pixelShuffle.forward(this.conv3.forward(x));
  }
}

export function upscale() {
  const high = torch.rand(6, 1, 16, 16);
  const low = F.interpolate(high, {
    scaleFactor: 0.5,
    mode: 'bilinear',
    alignCorners: false,
    antialias: true,
  });
  const model = new Net(2);
  const criterion = new nn.MSELoss();
  const optimizer = new torch.optim.NAdam(model.parameters(), { lr: 0.01 });
  const scheduler = new torch.optim.lrScheduler.ReduceLROnPlateau(optimizer, {
    mode: 'max',
    factor: 0.5,
    patience: 0,
  });
  const [train, test] = [slice(4), slice(4, null)];
  const psnrs = [];
  for (let epoch = 0; epoch < 4; epoch += 1) {
    let epochLoss = 0;
    const targets = high.index(train).chunk(2);
    for (const [i, input] of low.index(train).chunk(2).entries()) {
      optimizer.zeroGrad();
      const loss = criterion.forward(model.forward(input), targets[i] as Tensor);
      epochLoss += loss.item();
      loss.backward();
      optimizer.step();
    }
    const mse = torch.noGrad(() => criterion.forward(model.forward(low.index(test)), high.index(test)));
    const psnr = 10 * math.log10(1 / mse.item());
    scheduler.step(psnr);
    psnrs.push([epochLoss / 2, psnr, optimizer.paramGroups[0]?.lr]);
  }
  const bicubic = F.interpolate(low.index(test), { size: [16, 16], mode: 'bicubic' }).clamp(0, 1);
  return {
    psnrs,
    bicubic: -10 * math.log10(F.mseLoss(bicubic, high.index(test)).item()),
    bytes: model.forward(low.index(test)).mul(255).clamp(0, 255).byte(),
    model: model.stateDict(),
    optimizer: optimizer.stateDict(),
    scheduler: scheduler.stateDict(),
  };
}
