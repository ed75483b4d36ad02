// A linear layer and the cross entropy of its outputs in one.

import { isGradEnabled } from '../../autograd/index.js';
import { int64 } from '../../dtype.js';
import { TorchError } from '../../errors.js';
import { scope } from '../../memory.js';
import { aten } from '../../operators/ops.js';
import { type Names, requireNames } from '../../options.js';
import { tupleText, valueText } from '../../python-text.js';
import type { Tensor } from '../../tensor.js';
import { warn } from '../../warn.js';
import { type Reduction, reductionNumber } from '../reduction.js';
import {
  LinearCrossEntropyChunked,
  LinearCrossEntropyChunkedNoReduction,
  type LossKind,
} from './linear-cross-entropy-chunks.js';
import {
  type ChunkOptions,
  chunkOptions,
  type LinearCrossEntropyOptions,
  resolved,
} from './linear-cross-entropy-options.js';

export interface LinearCrossEntropyArguments {
  /** [classes, ...outputs], as the weight without its last dimension. */
  linearBias?: Tensor | null;
  /** A weight for each class. */
  weight?: Tensor | null;
  reduction?: Reduction;
  /** −100, if not given; for class indices alone. */
  ignoreIndex?: number | null;
  labelSmoothing?: number;
  /** Computes the batch in chunks, without all logits in memory; null computes them all. */
  options?: LinearCrossEntropyOptions | ChunkOptions | null;
}

const linearCrossEntropyNames: Names<LinearCrossEntropyArguments> = {
  linearBias: true,
  weight: true,
  reduction: true,
  ignoreIndex: true,
  labelSmoothing: true,
  options: true,
};

const product = (sizes: readonly number[]): number => sizes.reduce((all, size) => all * size, 1);

function check(input: Tensor, linearWeight: Tensor, linearBias: Tensor | null): void {
  const dims = input.dim();
  if (dims < 1 || dims > 2) throw new TorchError(`expected input with dimensionality 1 or 2, got ${dims}`);
  if (linearWeight.dim() < 2) {
    throw new TorchError(`expected linear_weight with dimensionality at least 2, got ${linearWeight.dim()}`);
  }
  const [features, wanted] = [input.size(-1), linearWeight.size(-1)];
  if (features !== wanted) {
    throw new TorchError(
      'expected equal input and linear_weight last dimensions (in_features), ' +
        `got ${features} and ${wanted}, respectively`,
    );
  }
  const outputs = tupleText(linearWeight.shape.slice(0, -1));
  if (linearBias && tupleText(linearBias.shape) !== outputs) {
    throw new TorchError(`expected linear_bias shape ${outputs}, got ${tupleText(linearBias.shape)}`);
  }
  if (linearWeight.dim() > 2 && dims === 1) {
    throw new TorchError(
      `K-dimensional loss defined by linear_weight shape ${tupleText(linearWeight.shape)} requires batched input, ` +
        `(N, ${features}), got unbatched input with shape ${tupleText(input.shape)}`,
    );
  }
}

function chunked(
  input: Tensor,
  linearWeight: Tensor,
  target: Tensor,
  { linearBias = null, weight = null, reduction = 'mean' }: LinearCrossEntropyArguments,
  options: LinearCrossEntropyOptions,
  ignoreIndex: number,
): Tensor {
  const batched = input.dim() === 2;
  const x = batched ? input : input.unsqueeze(0);
  const y = batched ? target : target.unsqueeze(0);
  const kind: LossKind = { reduction, ignoreIndex, chunking: resolved(options, x, linearWeight.size(0)) };
  const wanted = [x, linearWeight, linearBias].map((t) => t?.requiresGrad && isGradEnabled());
  const given = [x, linearWeight, y, linearBias, weight];
  const result =
    reduction === 'none'
      ? LinearCrossEntropyChunkedNoReduction.apply(kind, ...given)
      : LinearCrossEntropyChunked.apply(kind, wanted as [boolean, boolean, boolean], ...given);
  return batched ? result : result.squeeze(0);
}

/** input [N, in] or [in], linearWeight [classes, ...outputs, in], target [N, ...outputs], or probabilities. */
export function linearCrossEntropy(
  input: Tensor,
  linearWeight: Tensor,
  target: Tensor,
  named: LinearCrossEntropyArguments = {},
): Tensor {
  requireNames(linearCrossEntropy, named, linearCrossEntropyNames);
  const { linearBias = null, weight, reduction = 'mean', labelSmoothing = 0 } = named;
  const options = chunkOptions(named.options);
  check(input, linearWeight, linearBias);
  const [classes, ...outputs] = linearWeight.shape.slice(0, -1) as [number, ...number[]];
  const logitsShape = [...input.shape.slice(0, -1), classes, ...outputs];
  if (tupleText(target.shape) === tupleText(logitsShape) && named.ignoreIndex != null) {
    throw new TorchError('ignore_index cannot be specified when target contains probabilities');
  }
  const ignoreIndex = named.ignoreIndex ?? -100;
  const chunks =
    outputs.length === 0 &&
    ['mean', 'sum', 'none'].includes(reduction) &&
    +labelSmoothing === 0 &&
    target.dtype === int64;
  if (options && !chunks) {
    warn(
      "linear_cross_entropy: ``options`` ignored; chunked path needs reduction in {'mean','sum','none'}, " +
        'label_smoothing == 0, target.dtype == int64, out_features == (). Got ' +
        `reduction='${reduction}', label_smoothing=${valueText(labelSmoothing)}, target.dtype=${target.dtype}, ` +
        `out_features=${tupleText(outputs)}.`,
    );
  }
  return scope(() => {
    if (options && chunks) return chunked(input, linearWeight, target, named, options, ignoreIndex);
    const rows = classes * product(outputs);
    const nested = outputs.length > 0;
    const flatWeight = nested ? linearWeight.reshape([rows, input.size(-1)]) : linearWeight;
    const flatBias = nested && linearBias ? linearBias.reshape([rows]) : linearBias;
    const logits = aten.linear(input, flatWeight, flatBias).reshape(logitsShape);
    const number = reductionNumber(reduction);
    return aten.crossEntropyLoss(logits, target, weight, number, ignoreIndex, labelSmoothing);
  });
}
