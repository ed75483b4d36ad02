// The datasets of ours/loader.ts, as a module for worker threads too.

import * as torch from 'libtorch-node';

const { Dataset, IterableDataset, getWorkerInfo } = torch.data;

/** Draws what Python's default generator draws in the same worker. */
const draw = () => torch.rand([2], { generator: getWorkerInfo()?.generator ?? null });

class Drawn extends Dataset {
  constructor(length) {
    super();
    this.length = length;
  }

  get(index) {
    return { index, id: getWorkerInfo()?.id ?? -1, seed: String(getWorkerInfo()?.seed), drawn: draw() };
  }
}

class Counted extends IterableDataset {
  constructor(length) {
    super();
    this.end = length;
  }

  *[Symbol.iterator]() {
    const info = getWorkerInfo();
    // Unequal shares, so that the workers end at different times.
    const start = info?.id ?? 0;
    const end = info?.id === 1 ? Math.floor(this.end / 2) : this.end;
    for (let i = start; i < end; i += info?.numWorkers ?? 1) yield [i, draw()];
  }
}

export default function makeDataset({ kind, length }) {
  return kind === 'iterable' ? new Counted(length) : new Drawn(length);
}
