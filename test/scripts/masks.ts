import * as torch from 'libtorch-node';
import { nn, slice, type Tensor, vision } from 'libtorch-node';
import { DataLoader, Dataset } from 'libtorch-node/data';

interface Target {
  mask: Tensor;
  boxes: Tensor;
}

type Sample = [image: Tensor, target: Target];

/** Bright rectangles on noise. */
class Shapes extends Dataset<Sample> {
  readonly samples: { image: Tensor; mask: Tensor; box: number[] }[] = [];

  constructor(
    count: number,
    readonly transforms: vision.Compose,
  ) {
    super();
    for (let i = 0; i < count; i += 1) {
      const image = torch.randint(0, 100, [3, 40, 48], { dtype: torch.uint8 });
      const [top, left] = torch.randint(4, 16, [2]).tolist<[number, number]>();
      const mask = torch.zeros(1, 40, 48, { dtype: torch.uint8 });
      mask.indexPut_([slice(), slice(top, top + 16), slice(left, left + 20)], 1);
      image.add_(mask.mul(120));
      this.samples.push({ image, mask, box: [left, top, left + 20, top + 16] });
    }
  }

  get length() {
    return this.samples.length;
  }

  get(index: number): Sample {
    const { image, mask, box } = this.samples[index] as Shapes['samples'][number];
    const target = {
      mask: new vision.Mask(mask),
      boxes: new vision.BoundingBoxes([box], { format: 'XYXY', canvasSize: [40, 48], dtype: torch.int64 }),
    };
    return this.transforms.forward(image, target);
  }
}

export async function masks() {
  const transforms = new vision.Compose([
    new vision.RandomHorizontalFlip({ p: 0.5 }),
    new vision.RandomAffine(20, { scale: [0.8, 1.2], shear: 5 }),
    new vision.RandomResizedCrop(32, { scale: [0.5, 1], antialias: true }),
    new vision.ColorJitter({ brightness: 0.3, contrast: 0.3, saturation: 0.2, hue: 0.05 }),
    new vision.GaussianBlur(3),
    new vision.ToDtype(torch.float32, { scale: true }),
    new vision.Normalize([0.4, 0.4, 0.4], [0.25, 0.25, 0.25]),
  ]);
  const dataset = new Shapes(8, transforms);
  const loader = new DataLoader(dataset, { batchSize: 4, shuffle: true });
  const net = new nn.Sequential(
    new nn.Conv2d(3, 8, 3, { padding: 1 }),
    new nn.ReLU(),
    new nn.Conv2d(8, 1, 1),
  );
  const optimizer = new torch.optim.Adagrad(net.parameters(), { lr: 0.05 });
  const criterion = new nn.BCEWithLogitsLoss({ posWeight: torch.tensor([2.0]) });
  const losses: number[] = [];
  const batches: Tensor[][] = [];
  for (let epoch = 0; epoch < 2; epoch += 1) {
    for await (const [images, target] of loader) {
      const loss = criterion.forward(net.forward(images), target.mask.float());
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      losses.push(loss.item());
      batches.push([images, target.mask, target.boxes]);
    }
  }
  return { losses, batches, net: net.stateDict(), optimizer: optimizer.stateDict() };
}
