// What RNN, GRU and LSTM share: weights, checks, the batch dimension.

import { TorchError, ValueError } from '../errors.js';
import { aten } from '../operators/ops.js';
import { requireKnown } from '../options.js';
import { formatFloat, sqrt } from '../python-number.js';
import { tupleText, typeText, valueText } from '../python-text.js';
import type { Real } from '../scalar.js';
import type { Tensor } from '../tensor.js';
import { warn } from '../warn.js';
import type { FactoryOptions } from './factory-options.js';
import { uniform_ } from './init.js';
import { Module } from './module.js';
import { PackedSequence } from './packed-sequence.js';
import { Parameter } from './parameter.js';

export interface RecurrentOptions extends FactoryOptions {
  numLayers?: number;
  bias?: boolean;
  /** Input and output are [N, T, *] instead of [T, N, *]. */
  batchFirst?: boolean;
  /** Between the layers, in training. */
  dropout?: Real;
  bidirectional?: boolean;
}

/** An input with its batch dimension, and how to take that away again. */
export interface Prepared {
  data: Tensor;
  batchSizes: Tensor | null;
  batchSize: number;
  batched: boolean;
  sortedIndices: Tensor | null;
  unsortedIndices: Tensor | null;
}

/** PyTorch's RNNBase. */
export abstract class RNNBase extends Module {
  readonly numLayers: number;
  readonly bias: boolean;
  readonly batchFirst: boolean;
  dropout: number;
  readonly bidirectional: boolean;
  /** The parameters' names, layer by layer. */
  readonly allWeightNames: string[][];

  constructor(
    gates: number,
    readonly inputSize: number,
    readonly hiddenSize: number,
    options: RecurrentOptions,
    /** The size of the output, if it is projected; 0 otherwise. */
    readonly projSize = 0,
  ) {
    super();
    const {
      numLayers = 1,
      bias = true,
      batchFirst = false,
      dropout = 0,
      bidirectional = false,
      ...rest
    } = options;
    const { device: _device, dtype: _dtype, ...others } = rest;
    requireKnown(new.target, options, others);
    this.numLayers = numLayers;
    this.bias = bias;
    this.batchFirst = batchFirst;
    this.dropout = +dropout;
    this.bidirectional = bidirectional;
    this.#check(dropout);
    this.allWeightNames = Array.from({ length: numLayers }, (_, layer) => layer).flatMap((layer) =>
      (bidirectional ? ['', '_reverse'] : ['']).map((direction) =>
        this.#addWeights(gates, layer, direction, options),
      ),
    );
    this.resetParameters();
  }

  #check(dropout: unknown): void {
    const { numLayers, inputSize, hiddenSize, projSize } = this;
    if (!(this.dropout >= 0 && this.dropout <= 1) || typeof dropout === 'boolean') {
      throw new ValueError(
        'dropout should be a number in range [0, 1] representing the probability of an element being zeroed',
      );
    }
    if (this.dropout > 0 && numLayers === 1) {
      warn(
        'dropout option adds dropout after all but last recurrent layer, so non-zero dropout expects num_layers ' +
          `greater than 1, but got dropout=${valueText(dropout)} and num_layers=${numLayers}`,
      );
    }
    for (const [name, flag] of [
      ['bias', this.bias],
      ['batch_first', this.batchFirst],
    ] as const) {
      if (typeof flag !== 'boolean')
        throw new TypeError(`${name} should be of type bool, got: ${typeText(flag)}`);
    }
    for (const [name, size] of [
      ['input_size', inputSize],
      ['hidden_size', hiddenSize],
    ] as const) {
      if (!Number.isInteger(size))
        throw new TypeError(`${name} should be of type int, got: ${kindText(size)}`);
      if (size <= 0) throw new ValueError(`${name} must be greater than zero`);
    }
    if (numLayers <= 0) throw new ValueError('num_layers must be greater than zero');
    if (projSize < 0) {
      throw new ValueError('proj_size should be a positive integer or zero to disable projections');
    }
    if (projSize >= hiddenSize) throw new ValueError('proj_size has to be smaller than hidden_size');
  }

  #addWeights(gates: number, layer: number, direction: string, { device, dtype }: FactoryOptions): string[] {
    const { inputSize, hiddenSize, projSize } = this;
    const rows = gates * hiddenSize;
    const output = projSize > 0 ? projSize : hiddenSize;
    const input = layer === 0 ? inputSize : output * (this.bidirectional ? 2 : 1);
    const shapes: Record<string, number[]> = { weight_ih: [rows, input], weight_hh: [rows, output] };
    if (this.bias) Object.assign(shapes, { bias_ih: [rows], bias_hh: [rows] });
    if (projSize > 0) shapes.weight_hr = [projSize, hiddenSize];
    return Object.entries(shapes).map(([kind, shape]) => {
      const name = `${kind}_l${layer}${direction}`;
      Reflect.set(this, name, new Parameter(aten.empty(shape, { dtype, device })));
      return name;
    });
  }

  /** The parameters, layer by layer, each from the first layer's to the last's. */
  get allWeights(): Parameter[][] {
    return this.allWeightNames.map((names) => names.map((name) => Reflect.get(this, name) as Parameter));
  }

  protected get flatWeights(): Parameter[] {
    return this.allWeights.flat();
  }

  resetParameters(): void {
    const bound = 1 / sqrt(this.hiddenSize);
    for (const weight of this.parameters()) uniform_(weight, -bound, bound);
  }

  /** Layers times directions: the first dimension of a hidden state. */
  protected get depth(): number {
    return this.numLayers * (this.bidirectional ? 2 : 1);
  }

  protected prepare(input: Tensor | PackedSequence, refusal: (dims: number) => string): Prepared {
    if (input instanceof PackedSequence) {
      const { data, batchSizes, sortedIndices, unsortedIndices } = input;
      const batchSize = Number(batchSizes.select(0, 0).item());
      return { data, batchSizes, batchSize, batched: true, sortedIndices, unsortedIndices };
    }
    const dims = input.dim();
    if (dims !== 2 && dims !== 3) throw new ValueError(refusal(dims));
    const data = dims === 3 ? input : input.unsqueeze(this.batchDim);
    const batchSize = data.size(this.batchDim);
    const batched = dims === 3;
    return { data, batchSizes: null, batchSize, batched, sortedIndices: null, unsortedIndices: null };
  }

  private get batchDim(): number {
    return this.batchFirst ? 0 : 1;
  }

  protected finish(prepared: Prepared, output: Tensor): Tensor | PackedSequence {
    const { batchSizes, batched, sortedIndices, unsortedIndices } = prepared;
    if (batchSizes) return new PackedSequence(output, batchSizes, sortedIndices, unsortedIndices);
    return batched ? output : output.squeeze(this.batchDim);
  }

  protected zeros({ data, batchSize }: Prepared, size: number): Tensor {
    return aten.zeros([this.depth, batchSize, size], { dtype: data.dtype, device: data.device });
  }

  protected checkInput({ data, batchSizes }: Prepared, { dtype }: Tensor): void {
    if (data.dtype !== dtype) {
      throw new ValueError(
        `RNN input dtype (${data.dtype}) does not match weight dtype (${dtype}). Convert input: input.to(${dtype}), ` +
          `or convert model: model.to(${data.dtype})`,
      );
    }
    const dims = batchSizes ? 2 : 3;
    if (data.dim() !== dims) throw new TorchError(`input must have ${dims} dimensions, got ${data.dim()}`);
    if (data.size(-1) === this.inputSize) return;
    throw new TorchError(
      `input.size(-1) must be equal to input_size. Expected ${this.inputSize}, got ${data.size(-1)}`,
    );
  }

  protected checkHidden(hidden: Tensor, { batchSize }: Prepared, size: number, name: string): void {
    const expected = tupleText([this.depth, batchSize, size]);
    if (tupleText(hidden.shape) === expected) return;
    throw new TorchError(`Expected ${name} size ${expected}, got ${valueText(hidden.shape)}`);
  }

  override extraRepr(): string {
    const { projSize, numLayers, dropout } = this;
    const parts = [`${this.inputSize}, ${this.hiddenSize}`];
    if (projSize !== 0) parts.push(`proj_size=${projSize}`);
    if (numLayers !== 1) parts.push(`num_layers=${numLayers}`);
    if (!this.bias) parts.push('bias=False');
    if (this.batchFirst) parts.push('batch_first=True');
    if (dropout !== 0) parts.push(`dropout=${formatFloat(dropout)}`);
    if (this.bidirectional) parts.push('bidirectional=True');
    return parts.join(', ');
  }
}

const kindText = (size: unknown): string => (typeof size === 'number' ? 'float' : typeText(size));

/** Puts the batch of a hidden state into another order. */
export function permuted(hidden: Tensor, indices: Tensor | null): Tensor {
  return indices ? hidden.indexSelect(1, indices) : hidden;
}
