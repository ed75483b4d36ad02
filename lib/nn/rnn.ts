// Recurrent layers with one hidden state; LSTM is in lstm.ts, the cells in rnn-cell.ts.

import { TorchError, ValueError } from '../errors.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { requireOptions } from '../options.js';
import type { Tensor } from '../tensor.js';
import type { PackedSequence } from './packed-sequence.js';
import { type Prepared, permuted, type RecurrentOptions, RNNBase } from './rnn-base.js';

type Plain = typeof aten.gru;

abstract class OneState extends RNNBase {
  protected abstract readonly kernel: Plain;
  protected abstract refusal(dims: number): string;

  private state(prepared: Prepared, given: Tensor | null): Tensor {
    if (!given) return this.zeros(prepared, this.hiddenSize);
    const { batchSizes, batched, sortedIndices } = prepared;
    const dims = given.dim();
    if (!batchSizes && !batched && dims !== 2) {
      throw new TorchError(`For unbatched 2-D input, hx should also be 2-D but got ${dims}-D tensor`);
    }
    if (!batchSizes && batched && dims !== 3) {
      throw new TorchError(`For batched 3-D input, hx should also be 3-D but got ${dims}-D tensor`);
    }
    return permuted(batched ? given : given.unsqueeze(1), sortedIndices);
  }

  /** input [T, N, in], or without N, or packed; hx [layers · directions, N, hidden]. Gives the output and the last hx. */
  override forward(input: Tensor, hx?: Tensor | null): [output: Tensor, hidden: Tensor];
  override forward(input: PackedSequence, hx?: Tensor | null): [output: PackedSequence, hidden: Tensor];
  override forward(input: Tensor | PackedSequence, hx: Tensor | null = null): unknown {
    return scope(() => {
      const prepared = this.prepare(input, (dims) => this.refusal(dims));
      const { data, batchSizes, batched, unsortedIndices } = prepared;
      const state = this.state(prepared, hx);
      const { flatWeights } = this;
      this.checkInput(prepared, flatWeights[0] as Tensor);
      this.checkHidden(state, prepared, this.hiddenSize, 'hidden');
      const { kernel, bias, numLayers, dropout, training, bidirectional, batchFirst } = this;
      const [output, hidden] = batchSizes
        ? kernel(data, batchSizes, state, flatWeights, bias, numLayers, dropout, training, bidirectional)
        : kernel(data, state, flatWeights, bias, numLayers, dropout, training, bidirectional, batchFirst);
      const last = permuted(batched ? hidden : hidden.squeeze(1), unsortedIndices);
      return [this.finish(prepared, output), last];
    });
  }
}

/** Gated recurrent units (Cho et al. 2014). */
export class GRU extends OneState {
  constructor(inputSize: number, hiddenSize: number, options: RecurrentOptions = {}) {
    requireOptions(new.target, options);
    if ('projSize' in options) {
      throw new ValueError('proj_size argument is only supported for LSTM, not RNN or GRU');
    }
    super(3, inputSize, hiddenSize, options);
  }

  protected override get kernel(): Plain {
    return aten.gru;
  }

  protected override refusal(dims: number): string {
    return `GRU: Expected input to be 2D or 3D, got ${dims}D instead`;
  }
}

export interface RNNOptions extends RecurrentOptions {
  nonlinearity?: 'tanh' | 'relu';
}

/** hₜ = tanh(W·xₜ + U·hₜ₋₁ + b) (Elman 1990), or with a ReLU. */
export class RNN extends OneState {
  readonly nonlinearity: 'tanh' | 'relu';

  constructor(inputSize: number, hiddenSize: number, given: RNNOptions = {}) {
    requireOptions(new.target, given);
    const { nonlinearity = 'tanh', ...options } = given;
    if ('projSize' in options) {
      throw new ValueError('proj_size argument is only supported for LSTM, not RNN or GRU');
    }
    if (nonlinearity !== 'tanh' && nonlinearity !== 'relu') {
      throw new ValueError(`Unknown nonlinearity '${nonlinearity}'. Select from 'tanh' or 'relu'.`);
    }
    super(1, inputSize, hiddenSize, options);
    this.nonlinearity = nonlinearity;
  }

  protected override get kernel(): Plain {
    return this.nonlinearity === 'tanh' ? aten.rnnTanh : aten.rnnRelu;
  }

  protected override refusal(dims: number): string {
    return `RNN: Expected input to be 2D or 3D, got ${dims}D tensor instead`;
  }
}
