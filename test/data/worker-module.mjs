// The datasets of workers.test.ts, as the loader's threads import them.

import * as torch from 'libtorch-node';

const { Dataset, getWorkerInfo } = torch.data;

class Worked extends Dataset {
  constructor({ length, bad = -1, slow = -1, quit = -1 }) {
    super();
    Object.assign(this, { length, bad, slow, quit });
    this.reads = 0;
  }

  async get(index) {
    if (index === this.bad) throw new RangeError('no such row');
    if (index === this.slow) await new Promise((resolve) => setTimeout(resolve, 60_000).unref());
    if (index === this.quit) process.exit(3);
    this.reads += 1;
    return {
      index,
      x: torch.full([3], index),
      reads: this.reads,
      initialized: getWorkerInfo().dataset.initialized ?? -1,
    };
  }
}

export default (options) => new Worked(options);

export function workerInitFn(id) {
  getWorkerInfo().dataset.initialized = id;
}
