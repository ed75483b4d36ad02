// The dataset of the loaders in this folder, as a module for worker threads too: 20 samples of 1 MB.
import * as torch from 'libtorch-node';

class Large extends torch.data.Dataset {
  constructor({ bad = -1, slow = -1 } = {}) {
    super();
    Object.assign(this, { length: 20, bad, slow });
  }

  async get(index) {
    if (index === this.bad) throw new RangeError('no such row');
    if (index === this.slow) await new Promise((resolve) => setTimeout(resolve, 60_000));
    return { index, image: torch.full([1 << 18], index) };
  }
}

export default (options) => new Large(options);
