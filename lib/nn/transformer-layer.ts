// One layer of a transformer's encoder and of its decoder (Vaswani et al. 2017).

import { TorchError } from '../errors.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { type Names, requireKnown, requireNames, requireOptions } from '../options.js';
import type { Tensor } from '../tensor.js';
import { GELU } from './activation.js';
import type { Layer } from './container.js';
import { Dropout } from './dropout.js';
import type { FactoryOptions } from './factory-options.js';
import { gelu, relu } from './functional/activation.js';
import { additiveMask } from './functional/attention-mask.js';
import { isHooked } from './hooks.js';
import { Linear } from './linear.js';
import { Module } from './module.js';
import { isModule } from './module-tree.js';
import { MultiheadAttention, recorded } from './multihead-attention.js';
import { LayerNorm } from './normalization.js';
import type { Parameter } from './parameter.js';
import { ReLU } from './rectifier.js';

export type Activation = 'relu' | 'gelu' | ((input: Tensor) => Tensor) | Layer;

export interface TransformerLayerOptions extends FactoryOptions {
  /** Features between the two linear layers. */
  dimFeedforward?: number;
  dropout?: number;
  activation?: Activation;
  layerNormEps?: number;
  /** Inputs and output are [N, L, E] instead of [L, N, E]. */
  batchFirst?: boolean;
  /** Normalises before each block instead of after it. */
  normFirst?: boolean;
  bias?: boolean;
}

function activationOf(activation: Activation): ((input: Tensor) => Tensor) | Layer {
  if (activation === 'relu') return relu;
  if (activation === 'gelu') return gelu;
  if (typeof activation !== 'string') return activation;
  throw new TorchError(`activation should be relu/gelu, not ${activation}`);
}

const activate = (activation: ((input: Tensor) => Tensor) | Layer, input: Tensor): Tensor =>
  isModule(activation)
    ? (activation as Layer).forward(input)
    : (activation as (input: Tensor) => Tensor)(input);

export interface EncoderLayerMasks {
  srcMask?: Tensor | null;
  srcKeyPaddingMask?: Tensor | null;
  isCausal?: boolean;
}

const encoderLayerMaskNames: Names<EncoderLayerMasks> = {
  srcMask: true,
  srcKeyPaddingMask: true,
  isCausal: true,
};

/** Self-attention, then two linear layers, each with a residual. */
export class TransformerEncoderLayer extends Module {
  selfAttn: MultiheadAttention;
  linear1: Linear;
  dropout: Dropout;
  linear2: Linear;
  readonly normFirst: boolean;
  norm1: LayerNorm;
  norm2: LayerNorm;
  dropout1: Dropout;
  dropout2: Dropout;
  readonly activation: ((input: Tensor) => Tensor) | Layer;

  constructor(dModel: number, nhead: number, options: TransformerLayerOptions = {}) {
    requireOptions(new.target, options);
    super();
    const {
      dimFeedforward = 2048,
      dropout = 0.1,
      activation = 'relu',
      layerNormEps: eps = 1e-5,
      ...rest
    } = options;
    const { batchFirst = false, normFirst = false, bias = true, device, dtype, ...others } = rest;
    requireKnown(new.target, options, others);
    const made = { bias, device, dtype };
    this.selfAttn = new MultiheadAttention(dModel, nhead, { dropout, batchFirst, ...made });
    this.linear1 = new Linear(dModel, dimFeedforward, made);
    this.dropout = new Dropout(dropout);
    this.linear2 = new Linear(dimFeedforward, dModel, made);
    this.normFirst = normFirst;
    this.norm1 = new LayerNorm(dModel, { eps, ...made });
    this.norm2 = new LayerNorm(dModel, { eps, ...made });
    this.dropout1 = new Dropout(dropout);
    this.dropout2 = new Dropout(dropout);
    this.activation = activationOf(activation);
  }

  /** 1 for relu, 2 for gelu, 0 for what the fused kernel does not know. */
  private get knownActivation(): 0 | 1 | 2 {
    const { activation } = this;
    if (activation === relu || activation instanceof ReLU) return 1;
    return activation === gelu || activation instanceof GELU ? 2 : 0;
  }

  /** What the layer itself lets the fused kernel do, whatever the input. */
  get fusable(): boolean {
    const { selfAttn, norm1, norm2 } = this;
    return (
      selfAttn.batchFirst &&
      selfAttn.inProjBias !== null &&
      selfAttn.packed &&
      this.knownActivation !== 0 &&
      norm1.eps === norm2.eps &&
      selfAttn.numHeads % 2 === 0
    );
  }

  /** The tensors that the fused kernel reads. */
  get fused(): Parameter[] {
    const { selfAttn, norm1, norm2, linear1, linear2 } = this;
    const own = [selfAttn.inProjWeight, selfAttn.inProjBias, selfAttn.outProj.weight, selfAttn.outProj.bias];
    const others = [norm1, norm2, linear1, linear2].flatMap(({ weight, bias }) => [weight, bias]);
    return [...own, ...others] as Parameter[];
  }

  /** True where the fused kernel may run: it knows neither graph nor hooks. */
  mayFuse(src: Tensor): boolean {
    return (
      !this.training &&
      this.fusable &&
      !this.modules().some(isHooked) &&
      ['cpu', 'cuda'].includes(src.device.type) &&
      !recorded([src, ...this.fused])
    );
  }

  /** The fused kernel with additive masks; a nested tensor needs none. */
  forwardFused(src: Tensor, mask: Tensor | null, padding: Tensor | null): Tensor {
    const { selfAttn, normFirst, norm1, knownActivation } = this;
    const { embedDim, numHeads } = selfAttn;
    const [merged, kind] = selfAttn.mergeMasks(mask, padding, src);
    const [w, b, outW, outB, n1, nb1, n2, nb2, l1, lb1, l2, lb2] = this.fused as Parameter[] & { length: 12 };
    return (aten._transformerEncoderLayerFwd as (...args: unknown[]) => Tensor)(
      ...[src, embedDim, numHeads, w, b, outW, outB, knownActivation === 2, normFirst, norm1.eps],
      ...[n1, nb1, n2, nb2, l1, lb1, l2, lb2, merged, kind],
    );
  }

  private attend(
    x: Tensor,
    attnMask: Tensor | null,
    keyPaddingMask: Tensor | null,
    isCausal: boolean,
  ): Tensor {
    const options = { attnMask, keyPaddingMask, needWeights: false, isCausal };
    return this.dropout1.forward(this.selfAttn.forward(x, x, x, options)[0]);
  }

  private feed(x: Tensor): Tensor {
    const inner = this.dropout.forward(activate(this.activation, this.linear1.forward(x)));
    return this.dropout2.forward(this.linear2.forward(inner));
  }

  /** src [L, N, E] or [L, E]. */
  override forward(src: Tensor, masks: EncoderLayerMasks = {}): Tensor {
    requireNames(this.forward, masks, encoderLayerMaskNames);
    const { srcMask, srcKeyPaddingMask, isCausal = false } = masks;
    const { norm1, norm2 } = this;
    return scope(() => {
      const padding = additiveMask(srcKeyPaddingMask, 'src_key_padding_mask', src.dtype);
      const mask = additiveMask(srcMask, 'src_mask', src.dtype);
      if (src.dim() === 3 && this.mayFuse(src)) return this.forwardFused(src, mask, padding);
      if (this.normFirst) {
        const x = src.add(this.attend(norm1.forward(src), mask, padding, isCausal));
        return x.add(this.feed(norm2.forward(x)));
      }
      const x = norm1.forward(src.add(this.attend(src, mask, padding, isCausal)));
      return norm2.forward(x.add(this.feed(x)));
    });
  }
}

export interface DecoderMasks {
  tgtMask?: Tensor | null;
  memoryMask?: Tensor | null;
  tgtKeyPaddingMask?: Tensor | null;
  memoryKeyPaddingMask?: Tensor | null;
  tgtIsCausal?: boolean | null;
  memoryIsCausal?: boolean;
}

export const decoderMaskNames: Names<DecoderMasks> = {
  tgtMask: true,
  memoryMask: true,
  tgtKeyPaddingMask: true,
  memoryKeyPaddingMask: true,
  tgtIsCausal: true,
  memoryIsCausal: true,
};

/** Self-attention, attention to the encoder's output, two linear layers, each with a residual. */
export class TransformerDecoderLayer extends Module {
  selfAttn: MultiheadAttention;
  multiheadAttn: MultiheadAttention;
  linear1: Linear;
  dropout: Dropout;
  linear2: Linear;
  readonly normFirst: boolean;
  norm1: LayerNorm;
  norm2: LayerNorm;
  norm3: LayerNorm;
  dropout1: Dropout;
  dropout2: Dropout;
  dropout3: Dropout;
  readonly activation: ((input: Tensor) => Tensor) | Layer;

  constructor(dModel: number, nhead: number, options: TransformerLayerOptions = {}) {
    requireOptions(new.target, options);
    super();
    const {
      dimFeedforward = 2048,
      dropout = 0.1,
      activation = 'relu',
      layerNormEps: eps = 1e-5,
      ...rest
    } = options;
    const { batchFirst = false, normFirst = false, bias = true, device, dtype, ...others } = rest;
    requireKnown(new.target, options, others);
    const made = { bias, device, dtype };
    this.selfAttn = new MultiheadAttention(dModel, nhead, { dropout, batchFirst, ...made });
    this.multiheadAttn = new MultiheadAttention(dModel, nhead, { dropout, batchFirst, ...made });
    this.linear1 = new Linear(dModel, dimFeedforward, made);
    this.dropout = new Dropout(dropout);
    this.linear2 = new Linear(dimFeedforward, dModel, made);
    this.normFirst = normFirst;
    this.norm1 = new LayerNorm(dModel, { eps, ...made });
    this.norm2 = new LayerNorm(dModel, { eps, ...made });
    this.norm3 = new LayerNorm(dModel, { eps, ...made });
    this.dropout1 = new Dropout(dropout);
    this.dropout2 = new Dropout(dropout);
    this.dropout3 = new Dropout(dropout);
    this.activation = activationOf(activation);
  }

  private attend(x: Tensor, masks: DecoderMasks): Tensor {
    const { tgtMask: attnMask, tgtKeyPaddingMask: keyPaddingMask, tgtIsCausal } = masks;
    const options = { attnMask, keyPaddingMask, isCausal: tgtIsCausal ?? false, needWeights: false };
    return this.dropout1.forward(this.selfAttn.forward(x, x, x, options)[0]);
  }

  private remember(x: Tensor, memory: Tensor, masks: DecoderMasks): Tensor {
    const { memoryMask: attnMask, memoryKeyPaddingMask: keyPaddingMask, memoryIsCausal: isCausal } = masks;
    const options = { attnMask, keyPaddingMask, isCausal, needWeights: false };
    return this.dropout2.forward(this.multiheadAttn.forward(x, memory, memory, options)[0]);
  }

  private feed(x: Tensor): Tensor {
    const inner = this.dropout.forward(activate(this.activation, this.linear1.forward(x)));
    return this.dropout3.forward(this.linear2.forward(inner));
  }

  /** tgt [T, N, E] or [T, E], memory [S, N, E] or [S, E]. */
  override forward(tgt: Tensor, memory: Tensor, masks: DecoderMasks = {}): Tensor {
    requireNames(this.forward, masks, decoderMaskNames);
    const { norm1, norm2, norm3 } = this;
    return scope(() => {
      if (this.normFirst) {
        let x = tgt.add(this.attend(norm1.forward(tgt), masks));
        x = x.add(this.remember(norm2.forward(x), memory, masks));
        return x.add(this.feed(norm3.forward(x)));
      }
      let x = norm1.forward(tgt.add(this.attend(tgt, masks)));
      x = norm2.forward(x.add(this.remember(x, memory, masks)));
      return norm3.forward(x.add(this.feed(x)));
    });
  }
}
