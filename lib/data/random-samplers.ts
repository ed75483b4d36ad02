import { tensor } from '../creation.js';
import { float64 } from '../dtype.js';
import { ValueError } from '../errors.js';
import { aten } from '../operators/ops.js';
import { requireKnown } from '../options.js';
import { tupleText, valueText } from '../python-text.js';
import { isTensor, type Tensor } from '../tensor.js';
import type { Generator } from './generator.js';
import { drawInts, requirePositive, Sampler } from './sampler.js';

/** Given indices in a new random order every epoch (torch.utils.data.SubsetRandomSampler). */
export class SubsetRandomSampler extends Sampler<number> {
  readonly generator: Generator | null;

  constructor(
    readonly indices: readonly number[],
    options: { generator?: Generator | null } = {},
  ) {
    const { generator = null, ...others } = options;
    requireKnown(new.target, options, others);
    super();
    this.generator = generator;
  }

  *[Symbol.iterator](): Iterator<number> {
    const { indices, generator } = this;
    for (const i of drawInts(() => aten.randperm(indices.length, { generator }))) yield indices[i] as number;
  }

  get length(): number {
    return this.indices.length;
  }
}

export interface WeightedRandomSamplerOptions {
  /** Draw each sample from all of them. Default true. */
  replacement?: boolean;
  generator?: Generator | null;
}

/** Indices drawn with given weights, which need not add up to one (torch.utils.data.WeightedRandomSampler). */
export class WeightedRandomSampler extends Sampler<number> {
  /** float64, one for each sample. */
  readonly weights: Tensor;
  readonly replacement: boolean;
  readonly generator: Generator | null;

  constructor(
    weights: readonly number[] | Tensor,
    readonly numSamples: number,
    options: WeightedRandomSamplerOptions = {},
  ) {
    const { replacement = true, generator = null, ...others } = options;
    requireKnown(new.target, options, others);
    super();
    requirePositive('num_samples', numSamples);
    if (typeof replacement !== 'boolean') {
      throw new ValueError(
        `replacement should be a boolean value, but got replacement=${valueText(replacement)}`,
      );
    }
    const given = isTensor(weights) ? weights.to({ dtype: float64 }) : tensor(weights, { dtype: float64 });
    if (given.dim() !== 1) {
      throw new ValueError(
        `weights should be a 1d sequence but given weights have shape ${tupleText(given.shape)}`,
      );
    }
    this.weights = given.keep();
    this.replacement = replacement;
    this.generator = generator;
  }

  *[Symbol.iterator](): Iterator<number> {
    const { weights, numSamples, replacement, generator } = this;
    yield* drawInts(() => aten.multinomial(weights, numSamples, replacement, { generator }));
  }

  get length(): number {
    return this.numSamples;
  }
}
