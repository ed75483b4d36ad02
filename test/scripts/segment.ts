import * as torch from 'libtorch-node';
import { nn, type Tensor } from 'libtorch-node';

const F = nn.functional;
const numClasses = 3;

class DoubleConv extends nn.Sequential {
  constructor(inChannels: number, outChannels: number) {
    super(
      new nn.Conv2d(inChannels, outChannels, 3, { padding: 'same', bias: false }),
      new nn.InstanceNorm2d(outChannels, { affine: true }),
      new nn.ReLU({ inplace: true }),
      new nn.Conv2d(outChannels, outChannels, 3, { padding: 'same', dilation: 2 }),
      new nn.ELU(),
    );
  }
}

class UNet extends nn.Module {
  readonly downs: nn.ModuleList<DoubleConv>;
  readonly pool = new nn.MaxPool2d(2, { ceilMode: true });
  readonly up = new nn.Upsample({ scaleFactor: 2, mode: 'bilinear', alignCorners: true });
  readonly ups: nn.ModuleList<DoubleConv>;
  readonly heads: nn.ModuleDict<nn.Conv2d>;

  constructor([first, middle, last] = [6, 12, 24] as const) {
    super();
    this.downs = new nn.ModuleList([
      new DoubleConv(3, first),
      new DoubleConv(first, middle),
      new DoubleConv(middle, last),
    ]);
    this.ups = new nn.ModuleList();
    this.ups.append(new DoubleConv(last + middle, middle));
    this.ups.append(new DoubleConv(middle + first, first));
    this.heads = new nn.ModuleDict({
      out: new nn.Conv2d(first, numClasses, 1),
      aux: new nn.Conv2d(last, numClasses, 1),
    });
    for (const m of this.modules()) {
      if (!(m instanceof nn.Conv2d)) continue;
      nn.init.kaimingNormal_(m.weight, { mode: 'fan_out', nonlinearity: 'relu' });
      if (m.bias) nn.init.zeros_(m.bias);
    }
  }

  override forward(images: Tensor) {
    const size = images.shape.slice(-2);
    const skips: Tensor[] = [];
    let x = images;
    for (const down of this.downs) {
      x = down.forward(skips.length === 0 ? x : this.pool.forward(x));
      skips.push(x);
    }
    const head = (name: string, features: Tensor) => (this.heads.get(name) as nn.Conv2d).forward(features);
    const aux = F.interpolate(head('aux', x), { size, mode: 'nearest' });
    skips.pop();
    for (const up of this.ups) {
      const skip = skips.pop() as Tensor;
      x = this.up.forward(x);
      x = F.pad(x, [0, skip.size(3) - x.size(3), 0, skip.size(2) - x.size(2)]);
      x = up.forward(torch.cat([skip, x], { dim: 1 }));
    }
    return { out: head('out', x), aux };
  }
}

function diceLoss(logits: Tensor, target: Tensor, smooth = 1) {
  const valid = target.ne(255).unsqueeze(1);
  const probs = logits.softmax({ dim: 1 }).mul(valid);
  const classes = F.oneHot(target.clamp({ max: numClasses - 1 }), { numClasses });
  const oneHot = classes.permute(0, 3, 1, 2).float().mul(valid);
  const intersection = probs.mul(oneHot).sum({ dim: [0, 2, 3] });
  const cardinality = probs.add(oneHot).sum({ dim: [0, 2, 3] });
  return intersection.mul(2).add(smooth).div(cardinality.add(smooth)).mean().neg().add(1);
}

function confusion(target: Tensor, pred: Tensor) {
  const k = target.ge(0).logicalAnd(target.lt(numClasses));
  const places = target.index(k).mul(numClasses).add(pred.index(k));
  return torch.bincount(places, { minlength: numClasses ** 2 }).reshape(numClasses, numClasses);
}

export function segment() {
  const images = torch.rand(6, 3, 18, 22);
  const masks = torch.randint(numClasses, [6, 18, 22]);
  masks.indexPut_([torch.rand(masks.shape).lt(0.1)], 255);
  const model = new UNet();
  const weight = torch.tensor([0.2, 1.0, 1.5]);
  const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.05, momentum: 0.9, weightDecay: 1e-4 });
  const scheduler = new torch.optim.lrScheduler.PolynomialLR(optimizer, { totalIters: 6, power: 0.9 });
  const losses: number[] = [];
  for (let epoch = 0; epoch < 2; epoch += 1) {
    const targets = masks.split(2);
    for (const [i, batch] of images.split(2).entries()) {
      let [x, y] = [batch, targets[i] as Tensor];
      if (epoch === 1) [x, y] = [x.flip(-1), y.flip(-1)];
      const outputs = model.forward(x);
      const criterion = (logits: Tensor) => F.crossEntropy(logits, y, { weight, ignoreIndex: 255 });
      const [out, aux] = [criterion(outputs.out), criterion(outputs.aux)];
      const loss = out.add(aux.mul(0.5)).add(diceLoss(outputs.out, y));
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      scheduler.step();
      losses.push(loss.item());
    }
  }
  model.eval();
  const [mat, iou] = torch.noGrad(() => {
    const counts = confusion(masks.flatten(), model.forward(images).out.argmax(1).flatten()).float();
    const diagonal = torch.diag(counts);
    return [counts, diagonal.div(counts.sum(1).add(counts.sum(0)).sub(diagonal))];
  });
  return {
    losses,
    mat,
    iou,
    model: model.stateDict(),
    optimizer: optimizer.stateDict(),
    scheduler: scheduler.stateDict(),
  };
}
