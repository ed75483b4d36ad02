import { int64 } from '../../dtype.js';
import { NotImplementedError, TorchError, ValueError } from '../../errors.js';
import { scope } from '../../memory.js';
import { aten } from '../../operators/ops.js';
import { type Names, requireNames } from '../../options.js';
import { sizeText } from '../../python-text.js';
import type { Tensor } from '../../tensor.js';
import { warn } from '../../warn.js';

export const { oneHot } = aten;

export interface EmbeddingOptions {
  /** The row that gets no gradient; negative counts from the end. */
  paddingIdx?: number | null;
  /** Rows that are looked up are first scaled to at most this norm, in place. */
  maxNorm?: number | null;
  normType?: number;
  scaleGradByFreq?: boolean;
  sparse?: boolean;
}

const embeddingNames: Names<EmbeddingOptions> = {
  paddingIdx: true,
  maxNorm: true,
  normType: true,
  scaleGradByFreq: true,
  sparse: true,
};

function renormalize(weight: Tensor, input: Tensor, { maxNorm, normType = 2 }: EmbeddingOptions): void {
  if (maxNorm == null) return;
  scope(() => void aten.embeddingRenorm_(weight.detach(), input.contiguous(), maxNorm, normType));
}

function paddingRow(index: number, rows: number): number {
  if (index > 0 ? index >= rows : index < -rows) {
    throw new TorchError('Padding_idx must be within num_embeddings');
  }
  return index < 0 ? rows + index : index;
}

/** Rows of `weight` [V, E], looked up by an integer tensor of any shape. */
export function embedding(input: Tensor, weight: Tensor, options: EmbeddingOptions = {}): Tensor {
  requireNames(embedding, options, embeddingNames);
  const { paddingIdx, scaleGradByFreq = false, sparse = false } = options;
  const row = paddingIdx == null ? -1 : paddingRow(paddingIdx, weight.size(0));
  renormalize(weight, input, options);
  const index = options.maxNorm == null ? input : input.contiguous();
  return aten.embedding(weight, index, row, scaleGradByFreq, sparse);
}

export interface EmbeddingBagOptions extends EmbeddingOptions {
  /** Where each bag begins, for a one-dimensional input. */
  offsets?: Tensor | null;
  mode?: 'sum' | 'mean' | 'max';
  perSampleWeights?: Tensor | null;
  /** The last offset is the end of the last bag. */
  includeLastOffset?: boolean;
}

const embeddingBagNames: Names<EmbeddingBagOptions> = {
  ...embeddingNames,
  offsets: true,
  mode: true,
  perSampleWeights: true,
  includeLastOffset: true,
};

const modes = new Map([
  ['sum', 0],
  ['mean', 1],
  ['max', 2],
]);

/** One reduced row per bag, without the rows in between: input [B, N], or [L] with offsets. */
export function embeddingBag(input: Tensor, weight: Tensor, options: EmbeddingBagOptions = {}): Tensor {
  requireNames(embeddingBag, options, embeddingBagNames);
  if (weight.dtype === int64 && input.dtype.isFloatingPoint) {
    warn(
      'Argument order of nn.functional.embedding_bag was changed. Usage `embedding_bag(weight, input, ...)` is ' +
        'deprecated, and should now be `embedding_bag(input, weight, ...)`.',
    );
    return embeddingBag(weight, input, options);
  }
  return scope(() => bags(input, weight, options));
}

function bags(input: Tensor, weight: Tensor, options: EmbeddingBagOptions): Tensor {
  const { scaleGradByFreq = false, mode = 'mean', sparse = false, paddingIdx } = options;
  checkShapes(input, weight, options);
  const number = modes.get(mode);
  if (number === undefined) throw new ValueError('mode has to be one of sum, mean or max');
  if (mode === 'max') {
    if (scaleGradByFreq) {
      throw new ValueError('max mode does not support scaling the gradient by the frequency');
    }
    if (sparse) throw new ValueError('max mode does not support sparse weights');
  }
  const flat = input.dim() === 2;
  const offsets = flat
    ? aten.arange(0, input.numel(), input.size(1), { dtype: input.dtype, device: input.device })
    : (options.offsets as Tensor);
  const weights = options.perSampleWeights;
  const rows = flat ? input.reshape([-1]) : input;
  if (options.maxNorm != null) {
    aten.embeddingRenorm_(weight.detach(), rows, options.maxNorm, options.normType ?? 2);
  }
  if (weights && mode !== 'sum') {
    throw new NotImplementedError(
      "embedding_bag: per_sample_weights was not None. per_sample_weights is only supported for mode='sum' " +
        `(got mode='${mode}'). Please open a feature request on GitHub.`,
    );
  }
  const [result] = aten.embeddingBag(
    weight,
    rows,
    offsets,
    scaleGradByFreq,
    number,
    sparse,
    weights && flat ? weights.reshape([-1]) : (weights ?? null),
    flat ? false : (options.includeLastOffset ?? false),
    paddingIdx ?? null,
  );
  return result;
}

function checkShapes(
  input: Tensor,
  weight: Tensor,
  { offsets, perSampleWeights }: EmbeddingBagOptions,
): void {
  const shape = sizeText(input.shape);
  if (perSampleWeights && sizeText(perSampleWeights.shape) !== shape) {
    throw new ValueError(
      `embedding_bag: If per_sample_weights (${sizeText(perSampleWeights.shape)}) is not None, then it must have the same shape as the input (${shape})`,
    );
  }
  if (weight.dim() !== 2) {
    throw new ValueError(`weight has to be a 2D Tensor, but got Tensor of dimension ${weight.dim()}`);
  }
  if (input.dim() === 2) {
    if (!offsets) return;
    throw new ValueError(
      "if input is 2D, then offsets has to be None, as input is treated is a mini-batch of fixed length sequences. However, found offsets of type <class 'torch.Tensor'>",
    );
  }
  if (input.dim() !== 1) {
    throw new ValueError(`input has to be 1D or 2D Tensor, but got Tensor of dimension ${input.dim()}`);
  }
  if (!offsets) throw new ValueError('offsets has to be a 1D Tensor but got None');
  if (offsets.dim() !== 1) throw new ValueError('offsets has to be a 1D Tensor');
}
