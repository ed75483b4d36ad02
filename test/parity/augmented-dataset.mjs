// The dataset of ours/augment.ts, as a module for worker threads too: images cut, turned over and normalised at random.

import * as torch from 'libtorch-node';

const { Dataset, getWorkerInfo } = torch.data;
const { normalize, resize, toDtype } = torch.vision;

/** What Python's default generator draws in the same worker. */
const drawn = () => ({ generator: getWorkerInfo()?.generator ?? null });
const uniform = (from, to) => torch.empty([1]).uniform_(from, to, drawn()).item();
const integer = (end) => torch.randint(end, [1], drawn()).item();

class Augmented extends Dataset {
  constructor({ length, size }) {
    super();
    const generator = new torch.Generator().manualSeed(1);
    const options = { dtype: torch.uint8, generator };
    Object.assign(this, { length, size, images: torch.randint(256, [length, 3, 40, 56], options) });
  }

  get(index) {
    const info = getWorkerInfo();
    const image = this.images.select(0, index);
    const [height, width] = [Math.trunc(uniform(8, 40)), Math.trunc(uniform(8, 56))];
    const [top, left] = [integer(41 - height), integer(57 - width)];
    const cut = resize(image.narrow(1, top, height).narrow(2, left, width), [this.size, this.size]);
    const turned = uniform(0, 1) < 0.5 ? cut.flip(-1) : cut;
    const scaled = toDtype(turned, torch.float32, { scale: true });
    const noisy = normalize(scaled, [0.5, 0.4, 0.3], [0.2, 0.3, 0.4]).add(
      torch.randn([3, this.size, this.size], drawn()),
    );
    // A sum depends on the number of threads.
    return { index, seed: `${info?.seed}`, image: noisy, total: noisy.sum() };
  }
}

export default function makeDataset(options) {
  return new Augmented(options);
}
