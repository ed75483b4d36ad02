// One time step of the recurrent layers.

import { TorchError, ValueError } from '../errors.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { requireNames } from '../options.js';
import { sqrt } from '../python-number.js';
import { valueText } from '../python-text.js';
import type { Tensor } from '../tensor.js';
import type { FactoryOptions } from './factory-options.js';
import { uniform_ } from './init.js';
import { Module } from './module.js';
import { Parameter } from './parameter.js';

export interface CellOptions extends FactoryOptions {
  bias?: boolean;
}

/** PyTorch's RNNCellBase. */
export abstract class RNNCellBase extends Module {
  weightIh: Parameter;
  weightHh: Parameter;
  biasIh: Parameter | null;
  biasHh: Parameter | null;
  readonly bias: boolean;

  constructor(
    gates: number,
    readonly inputSize: number,
    readonly hiddenSize: number,
    { bias = true, device, dtype }: CellOptions,
  ) {
    super();
    this.bias = bias;
    const rows = gates * hiddenSize;
    const empty = (...shape: number[]) => new Parameter(aten.empty(shape, { dtype, device }));
    this.weightIh = empty(rows, inputSize);
    this.weightHh = empty(rows, hiddenSize);
    this.biasIh = bias ? empty(rows) : null;
    this.biasHh = bias ? empty(rows) : null;
    this.resetParameters();
  }

  resetParameters(): void {
    const bound = this.hiddenSize > 0 ? 1 / sqrt(this.hiddenSize) : 0;
    for (const weight of this.parameters()) uniform_(weight, -bound, bound);
  }

  protected checkInput(input: Tensor): boolean {
    const dims = input.dim();
    if (dims === 1 || dims === 2) return dims === 2;
    throw new ValueError(`${this.constructor.name}: Expected input to be 1D or 2D, got ${dims}D instead`);
  }

  protected checkHidden(hidden: Tensor, name: string): void {
    const dims = hidden.dim();
    if (dims === 1 || dims === 2) return;
    throw new ValueError(`${this.constructor.name}: Expected ${name} to be 1D or 2D, got ${dims}D instead`);
  }

  protected zeros({ dtype, device, shape: [batch = 0] }: Tensor): Tensor {
    return aten.zeros([batch, this.hiddenSize], { dtype, device });
  }

  override extraRepr(): string {
    return `${this.inputSize}, ${this.hiddenSize}${this.bias === true ? '' : `, bias=${valueText(this.bias)}`}`;
  }
}

type Kernel = typeof aten.gruCell;

abstract class OneStateCell extends RNNCellBase {
  protected abstract readonly kernel: Kernel;

  /** input [N, in] or [in], hx [N, hidden] or [hidden]; gives the next hx. */
  override forward(input: Tensor, hx: Tensor | null = null): Tensor {
    const batched = this.checkInput(input);
    if (hx) this.checkHidden(hx, 'hidden');
    const { kernel, weightIh, weightHh, biasIh, biasHh } = this;
    return scope(() => {
      const x = batched ? input : input.unsqueeze(0);
      const state = hx ? (batched ? hx : hx.unsqueeze(0)) : this.zeros(x);
      const next = kernel(x, state, weightIh, weightHh, biasIh, biasHh);
      return batched ? next : next.squeeze(0);
    });
  }
}

/** One step of a GRU. */
export class GRUCell extends OneStateCell {
  constructor(inputSize: number, hiddenSize: number, options: CellOptions = {}) {
    requireNames(new.target, options, { bias: true, device: true, dtype: true });
    super(3, inputSize, hiddenSize, options);
  }

  protected override get kernel(): Kernel {
    return aten.gruCell;
  }
}

export interface RNNCellOptions extends CellOptions {
  nonlinearity?: 'tanh' | 'relu';
}

/** One step of an RNN. */
export class RNNCell extends OneStateCell {
  readonly nonlinearity: 'tanh' | 'relu';

  constructor(inputSize: number, hiddenSize: number, given: RNNCellOptions = {}) {
    requireNames(new.target, given, { nonlinearity: true, bias: true, device: true, dtype: true });
    const { nonlinearity = 'tanh', ...options } = given;
    super(1, inputSize, hiddenSize, options);
    this.nonlinearity = nonlinearity;
  }

  protected override get kernel(): Kernel {
    if (this.nonlinearity === 'tanh') return aten.rnnTanhCell;
    if (this.nonlinearity === 'relu') return aten.rnnReluCell;
    throw new TorchError(`Unknown nonlinearity: ${this.nonlinearity}`);
  }

  override extraRepr(): string {
    const { nonlinearity } = this;
    return super.extraRepr() + (nonlinearity === 'tanh' ? '' : `, nonlinearity=${nonlinearity}`);
  }
}

/** One step of an LSTM. */
export class LSTMCell extends RNNCellBase {
  constructor(inputSize: number, hiddenSize: number, options: CellOptions = {}) {
    requireNames(new.target, options, { bias: true, device: true, dtype: true });
    super(4, inputSize, hiddenSize, options);
  }

  /** input [N, in] or [in], hx two of [N, hidden] or [hidden]; gives the next two. */
  override forward(
    input: Tensor,
    hx: readonly [Tensor, Tensor] | null = null,
  ): [hidden: Tensor, cell: Tensor] {
    const batched = this.checkInput(input);
    hx?.forEach((state, i) => {
      this.checkHidden(state, `hx[${i}]`);
    });
    const { weightIh, weightHh, biasIh, biasHh } = this;
    return scope(() => {
      const x = batched ? input : input.unsqueeze(0);
      const state = (given: Tensor | undefined, zeros: () => Tensor) =>
        given ? (batched ? given : given.unsqueeze(0)) : zeros();
      const zeros = hx ? null : this.zeros(x);
      const states = [0, 1].map((i) => state(hx?.[i], () => zeros as Tensor));
      const next = aten.lstmCell(x, states, weightIh, weightHh, biasIh, biasHh);
      return batched ? next : [next[0].squeeze(0), next[1].squeeze(0)];
    });
  }
}
