import { ValueError } from '../errors.js';
import { aten } from '../operators/ops.js';
import { requireNames } from '../options.js';
import { Generator } from '../random.js';
import { drawInts, Sampler, type Sized } from './sampler.js';

export interface DistributedSamplerOptions {
  /** How many processes share the samples, and which of them this one is: there is no process group to ask. */
  numReplicas: number;
  rank: number;
  shuffle?: boolean;
  /** The same in all processes. */
  seed?: number;
  /** Leave out what does not divide evenly, instead of repeating samples. */
  dropLast?: boolean;
}

/** One process's share of the samples (torch.utils.data.distributed.DistributedSampler). Call `setEpoch` before each. */
export class DistributedSampler extends Sampler<number> {
  readonly numReplicas: number;
  readonly rank: number;
  readonly shuffle: boolean;
  readonly seed: number;
  readonly dropLast: boolean;
  readonly numSamples: number;
  epoch = 0;

  /** Throws ValueError for a rank out of range. */
  constructor(
    readonly dataset: Sized,
    options: DistributedSamplerOptions,
  ) {
    requireNames(new.target, options, {
      numReplicas: true,
      rank: true,
      shuffle: true,
      seed: true,
      dropLast: true,
    });
    super();
    const { numReplicas, rank, shuffle = true, seed = 0, dropLast = false } = options;
    if (!(rank >= 0 && rank < numReplicas)) {
      throw new ValueError(`Invalid rank ${rank}, rank should be in the interval [0, ${numReplicas - 1}]`);
    }
    const { length } = dataset;
    const uneven = dropLast && length % numReplicas !== 0;
    this.numReplicas = numReplicas;
    this.rank = rank;
    this.shuffle = shuffle;
    this.seed = seed;
    this.dropLast = dropLast;
    this.numSamples = Math.ceil((uneven ? length - numReplicas : length) / numReplicas);
  }

  get totalSize(): number {
    return this.numSamples * this.numReplicas;
  }

  get length(): number {
    return this.numSamples;
  }

  /** Another order than in the last epoch, the same in all processes. */
  setEpoch(epoch: number): void {
    this.epoch = epoch;
  }

  [Symbol.iterator](): Iterator<number> {
    const { length } = this.dataset;
    const generator = new Generator().manualSeed(this.seed + this.epoch);
    const order = this.shuffle
      ? drawInts(() => aten.randperm(length, { generator }))
      : Array.from({ length }, (_, index) => index);
    // Without dropLast the first samples come again until all processes have as many.
    const all = Array.from({ length: this.totalSize }, (_, i) => order[i % length] as number);
    return all.filter((_, i) => i % this.numReplicas === this.rank)[Symbol.iterator]();
  }
}
