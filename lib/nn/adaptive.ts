import { TorchError, ValueError } from '../errors.js';
import { scope } from '../memory.js';
import { requireKnown } from '../options.js';
import { floorDiv, pow } from '../python-number.js';
import { sizeText } from '../python-text.js';
import type { Tensor } from '../tensor.js';
import { ModuleList, Sequential } from './container.js';
import type { FactoryOptions } from './factory-options.js';
import { Linear } from './linear.js';
import { Module } from './module.js';

export interface AdaptiveSoftmaxOptions extends FactoryOptions {
  /** Each cluster's projection is this many times smaller than the one before. */
  divValue?: number;
  headBias?: boolean;
}

function checkCutoffs(cutoffs: readonly number[], classes: number): void {
  if (cutoffs.length === 0) throw new ValueError('cutoffs should be a sequence of length larger than 0');
  const rising = cutoffs.every((cutoff, i) => i === 0 || cutoff > (cutoffs[i - 1] as number));
  const inside = cutoffs.every((cutoff) => Number.isInteger(cutoff) && cutoff > 0 && cutoff < classes);
  if (rising && inside) return;
  throw new ValueError(
    'cutoffs should be a sequence of unique, positive integers sorted in an increasing order, where each value is ' +
      'between 1 and n_classes-1',
  );
}

/** Softmax over many classes: frequent ones in the head, the others in clusters (Grave et al. 2016). */
export class AdaptiveLogSoftmaxWithLoss extends Module {
  readonly cutoffs: number[];
  readonly divValue: number;
  readonly headBias: boolean;
  readonly shortlistSize: number;
  readonly nClusters: number;
  readonly headSize: number;
  head: Linear;
  tail: ModuleList<Sequential>;

  constructor(
    readonly inFeatures: number,
    readonly nClasses: number,
    cutoffs: readonly number[],
    options: AdaptiveSoftmaxOptions = {},
  ) {
    const { divValue = 4, headBias = false, device, dtype, ...others } = options;
    requireKnown(new.target, options, others);
    super();
    checkCutoffs(cutoffs, nClasses);
    this.cutoffs = [...cutoffs, nClasses];
    this.divValue = divValue;
    this.headBias = headBias;
    this.shortlistSize = cutoffs[0] as number;
    this.nClusters = cutoffs.length;
    this.headSize = this.shortlistSize + this.nClusters;
    this.head = new Linear(inFeatures, this.headSize, { bias: headBias, device, dtype });
    const linear = (from: number, to: number) => new Linear(from, to, { bias: false, device, dtype });
    this.tail = new ModuleList(
      cutoffs.map((cutoff, i) => {
        const hidden = floorDiv(inFeatures, pow(+divValue, i + 1));
        return new Sequential(
          linear(inFeatures, hidden),
          linear(hidden, (this.cutoffs[i + 1] as number) - cutoff),
        );
      }),
    );
  }

  resetParameters(): void {
    this.head.resetParameters();
    for (const projection of this.tail) for (const layer of projection) (layer as Linear).resetParameters();
  }

  private check(input: Tensor, target: Tensor): void {
    const dims = target.dim();
    if (dims > 1) throw new TorchError('0D or 1D target tensor expected, multi-target not supported');
    if (dims === 1 && input.size(0) !== target.size(0)) {
      throw new TorchError('Input and target should have the same size in the batch dimension.');
    }
    if (input.dim() === dims + 1) return;
    throw new TorchError(
      `${dims}D target tensor expects ${dims + 1}D input tensors, but found inputs with size ${sizeText(input.shape)}`,
    );
  }

  /** input [N, in] and target [N], or [in] and []; the log-probabilities of the targets and their negative mean. */
  override forward(input: Tensor, target: Tensor): { output: Tensor; loss: Tensor } {
    this.check(input, target);
    return scope(() => {
      const batched = target.dim() === 1;
      const output = batched
        ? this.logProbOf(input, target)
        : this.logProbOf(input.unsqueeze(0), target.unsqueeze(0));
      const loss = output.neg().mean();
      return { output: batched ? output : output.squeeze(0), loss };
    });
  }

  private logProbOf(input: Tensor, target: Tensor): Tensor {
    const batch = target.size(0);
    const output = input.newZeros([batch]);
    const places = target.newEmpty([batch]);
    const bounds = [0, ...this.cutoffs];
    let used = 0;
    for (const [i, low] of bounds.slice(0, -1).entries()) {
      const mask = target.ge(low).bitwiseAnd(target.lt(bounds[i + 1] as number));
      const rows = mask.nonzero().squeeze();
      if (rows.numel() === 0) continue;
      used += rows.numel();
      if (i === 0) {
        places.indexCopy_(0, rows, target.index(mask));
        continue;
      }
      const relative = target.index(mask).sub(low);
      const cluster = this.tail
        .at(i - 1)
        .forward(input.indexSelect(0, rows))
        .logSoftmax(1);
      places.indexFill_(0, rows, this.shortlistSize + i - 1);
      output.indexCopy_(0, rows, cluster.gather(1, relative.unsqueeze(1)).squeeze(1));
    }
    if (used !== batch) {
      throw new TorchError(
        `Target values should be in [0, ${this.nClasses - 1}], but values in range [${target.min().item()}, ` +
          `${target.max().item()}] were found. `,
      );
    }
    const head = this.head.forward(input).logSoftmax(1);
    return output.add_(head.gather(1, places.unsqueeze(1)).squeeze());
  }

  private fullLogProb(input: Tensor, headOutput: Tensor): Tensor {
    const out = input.newEmpty([headOutput.size(0), this.nClasses]);
    const head = headOutput.logSoftmax(1);
    const { shortlistSize } = this;
    out.narrow(1, 0, shortlistSize).copy_(head.narrow(1, 0, shortlistSize));
    for (const [i, start] of this.cutoffs.slice(0, -1).entries()) {
      const cluster = this.tail.at(i).forward(input).logSoftmax(1);
      const logProb = cluster.add(head.select(1, shortlistSize + i).unsqueeze(1));
      out.narrow(1, start, (this.cutoffs[i + 1] as number) - start).copy_(logProb);
    }
    return out;
  }

  /** The log-probabilities of all classes, [N, classes]. */
  logProb(input: Tensor): Tensor {
    return scope(() => this.fullLogProb(input, this.head.forward(input)));
  }

  /** The likeliest class of each row, [N]; cheaper than logProb where it is in the head. */
  predict(input: Tensor): Tensor {
    return scope(() => {
      const headOutput = this.head.forward(input);
      const output = headOutput.argmax(1);
      const elsewhere = output.ge(this.shortlistSize);
      if (!elsewhere.any().item()) return output;
      if (elsewhere.all().item()) return this.fullLogProb(input, headOutput).argmax(1);
      const logProb = this.fullLogProb(input.index(elsewhere), headOutput.index(elsewhere));
      return output.indexPut_([elsewhere], logProb.argmax(1));
    });
  }
}
