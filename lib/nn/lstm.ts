import { TorchError } from '../errors.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { requireOptions } from '../options.js';
import type { Tensor } from '../tensor.js';
import type { PackedSequence } from './packed-sequence.js';
import { type Prepared, permuted, type RecurrentOptions, RNNBase } from './rnn-base.js';

export interface LSTMOptions extends RecurrentOptions {
  /** Projects the hidden state to this size (Sak et al. 2014); 0 for none. */
  projSize?: number;
}

export type LSTMState = readonly [hidden: Tensor, cell: Tensor];

/** Long short-term memory (Hochreiter & Schmidhuber 1997). */
export class LSTM extends RNNBase {
  constructor(inputSize: number, hiddenSize: number, given: LSTMOptions = {}) {
    requireOptions(new.target, given);
    const { projSize = 0, ...options } = given;
    super(4, inputSize, hiddenSize, options, projSize);
  }

  private get outputSize(): number {
    return this.projSize > 0 ? this.projSize : this.hiddenSize;
  }

  private checkState(prepared: Prepared, [hidden, cell]: LSTMState, weight: Tensor): void {
    this.checkInput(prepared, weight);
    this.checkHidden(hidden, prepared, this.outputSize, 'hidden[0]');
    this.checkHidden(cell, prepared, this.hiddenSize, 'hidden[1]');
  }

  private state(prepared: Prepared, given: LSTMState | null, weight: Tensor): LSTMState {
    const { batchSizes, batched, sortedIndices } = prepared;
    if (!given) {
      const zeros = [this.zeros(prepared, this.outputSize), this.zeros(prepared, this.hiddenSize)] as const;
      if (!batchSizes) this.checkState(prepared, zeros, weight);
      return zeros;
    }
    const reorder = (state: Tensor) => permuted(state, sortedIndices);
    if (batchSizes) return [reorder(given[0]), reorder(given[1])];
    const dims = batched ? 3 : 2;
    const [hidden, cell] = given;
    if (hidden.dim() !== dims || cell.dim() !== dims) {
      throw new TorchError(
        `For ${batched ? 'batched 3-D' : 'unbatched 2-D'} input, hx and cx should also be ${dims}-D but got ` +
          `(${hidden.dim()}-D, ${cell.dim()}-D) tensors`,
      );
    }
    const state = batched ? given : ([hidden.unsqueeze(1), cell.unsqueeze(1)] as const);
    this.checkState(prepared, state, weight);
    return state;
  }

  /** input [T, N, in], or without N, or packed; hidden and cell [layers · directions, N, size]. */
  override forward(input: Tensor, hx?: LSTMState | null): [output: Tensor, state: [Tensor, Tensor]];
  override forward(
    input: PackedSequence,
    hx?: LSTMState | null,
  ): [output: PackedSequence, state: [Tensor, Tensor]];
  override forward(input: Tensor | PackedSequence, hx: LSTMState | null = null): unknown {
    return scope(() => {
      const prepared = this.prepare(
        input,
        (dims) => `LSTM: Expected input to be 2D or 3D, got ${dims}D instead`,
      );
      const { data, batchSizes, batched, unsortedIndices } = prepared;
      const { flatWeights } = this;
      const state = this.state(prepared, hx, flatWeights[0] as Tensor);
      const { bias, numLayers, dropout, training, bidirectional, batchFirst } = this;
      const [output, hidden, cell] = batchSizes
        ? aten.lstm(data, batchSizes, state, flatWeights, bias, numLayers, dropout, training, bidirectional)
        : aten.lstm(data, state, flatWeights, bias, numLayers, dropout, training, bidirectional, batchFirst);
      const last = (x: Tensor) => permuted(batched ? x : x.squeeze(1), unsortedIndices);
      return [this.finish(prepared, output), [last(hidden), last(cell)]];
    });
  }
}
