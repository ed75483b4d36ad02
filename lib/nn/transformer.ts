import type { DeviceLike } from '../device.js';
import type { DType } from '../dtype.js';
import { TorchError } from '../errors.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { type Names, requireKnown, requireNames, requireOptions } from '../options.js';
import { sizeText } from '../python-text.js';
import type { Tensor } from '../tensor.js';
import { warn } from '../warn.js';
import { type Layer, ModuleList } from './container.js';
import { deepcopy } from './deepcopy.js';
import { additiveMask } from './functional/attention-mask.js';
import { xavierUniform_ } from './init.js';
import { Module } from './module.js';
import { LayerNorm } from './normalization.js';
import {
  type DecoderMasks,
  decoderMaskNames,
  TransformerDecoderLayer,
  TransformerEncoderLayer,
  type TransformerLayerOptions,
} from './transformer-layer.js';

function causalMask(size: number, options: { device?: DeviceLike | null; dtype?: DType | null }): Tensor {
  return scope(() => aten.full([size, size], -Infinity, options).triu(1));
}

function sequenceLength(src: Tensor, batchFirst: boolean): number {
  return src.size(src.dim() === 3 && batchFirst ? 1 : 0);
}

/** A mask that equals the causal one lets the kernels make it themselves. */
function isCausal(mask: Tensor | null | undefined, given: boolean | null | undefined, size: number): boolean {
  if (given != null || !mask) return given === true;
  return scope(() => {
    const causal = causalMask(size, { device: mask.device, dtype: mask.dtype });
    if (sizeText(mask.shape) !== sizeText(causal.shape)) return false;
    return Boolean(mask.eq(causal).all().item());
  });
}

const clones = <M extends Module>(module: M, count: number): ModuleList<M> =>
  new ModuleList(Array.from({ length: count }, () => deepcopy(module)));

export interface TransformerEncoderOptions {
  /** After the last layer. */
  norm?: Layer | null;
  /** Leaves padding out of the computation where the fused kernel allows it. */
  enableNestedTensor?: boolean;
  maskCheck?: boolean;
}

export interface EncoderMasks {
  mask?: Tensor | null;
  srcKeyPaddingMask?: Tensor | null;
  isCausal?: boolean | null;
}

const encoderMaskNames: Names<EncoderMasks> = { mask: true, srcKeyPaddingMask: true, isCausal: true };

/** Copies of one layer, one after another. */
export class TransformerEncoder extends Module {
  layers: ModuleList<TransformerEncoderLayer>;
  readonly numLayers: number;
  norm: Layer | null;
  readonly enableNestedTensor: boolean;
  readonly maskCheck: boolean;

  constructor(
    encoderLayer: TransformerEncoderLayer,
    numLayers: number,
    options: TransformerEncoderOptions = {},
  ) {
    requireOptions(new.target, options);
    super();
    const { norm = null, enableNestedTensor = true, maskCheck = true, ...others } = options;
    requireKnown(new.target, options, others);
    this.layers = clones(encoderLayer, numLayers);
    this.numLayers = numLayers;
    this.norm = norm;
    const usable =
      encoderLayer instanceof TransformerEncoderLayer && !encoderLayer.normFirst && encoderLayer.fusable;
    if (enableNestedTensor && !usable) {
      warn(
        'enable_nested_tensor is True, but self.use_nested_tensor is False: the fused kernel needs another layer',
      );
    }
    this.enableNestedTensor = enableNestedTensor && usable;
    this.maskCheck = maskCheck;
  }

  private nests(src: Tensor, mask: Tensor | null, padding: Tensor): boolean {
    return (
      this.enableNestedTensor &&
      src.dim() === 3 &&
      mask === null &&
      [...this.layers].every((layer) => layer.mayFuse(src)) &&
      (!this.maskCheck || aten._nestedTensorFromMaskLeftAligned(src, padding.logicalNot()))
    );
  }

  private withoutPadding(src: Tensor, padding: Tensor): Tensor {
    let output = aten._nestedTensorFromMask(src, padding.logicalNot(), false);
    for (const layer of this.layers) output = layer.forwardFused(output, null, null);
    return output.toPaddedTensor(0, src.shape);
  }

  private normed(output: Tensor): Tensor {
    return this.norm ? this.norm.forward(output) : output;
  }

  /** src [L, N, E] or [L, E]. */
  override forward(src: Tensor, masks: EncoderMasks = {}): Tensor {
    requireNames(this.forward, masks, encoderMaskNames);
    const { mask, srcKeyPaddingMask, isCausal: hint } = masks;
    return scope(() => {
      const padding = additiveMask(srcKeyPaddingMask, 'src_key_padding_mask', src.dtype);
      const srcMask = additiveMask(mask, 'mask', src.dtype);
      if (padding && this.nests(src, srcMask, padding)) return this.normed(this.withoutPadding(src, padding));
      let output = src;
      const length = sequenceLength(src, this.layers.at(0).selfAttn.batchFirst);
      const causal = isCausal(srcMask, hint, length);
      for (const layer of this.layers) {
        output = layer.forward(output, { srcMask, isCausal: causal, srcKeyPaddingMask: padding });
      }
      return this.normed(output);
    });
  }
}

/** Copies of one layer, one after another. */
export class TransformerDecoder extends Module {
  layers: ModuleList<TransformerDecoderLayer>;
  readonly numLayers: number;
  norm: Layer | null;

  constructor(
    decoderLayer: TransformerDecoderLayer,
    numLayers: number,
    options: { norm?: Layer | null } = {},
  ) {
    const { norm = null, ...others } = options;
    requireKnown(new.target, options, others);
    super();
    this.layers = clones(decoderLayer, numLayers);
    this.numLayers = numLayers;
    this.norm = norm;
  }

  /** tgt [T, N, E] or [T, E], memory [S, N, E] or [S, E]. */
  override forward(tgt: Tensor, memory: Tensor, masks: DecoderMasks = {}): Tensor {
    requireNames(this.forward, masks, decoderMaskNames);
    return scope(() => {
      const length = sequenceLength(tgt, this.layers.at(0).selfAttn.batchFirst);
      const tgtIsCausal = isCausal(masks.tgtMask, masks.tgtIsCausal, length);
      let output = tgt;
      for (const layer of this.layers) output = layer.forward(output, memory, { ...masks, tgtIsCausal });
      return this.norm ? this.norm.forward(output) : output;
    });
  }
}

export interface TransformerOptions extends TransformerLayerOptions {
  dModel?: number;
  nhead?: number;
  numEncoderLayers?: number;
  numDecoderLayers?: number;
  /** Instead of the standard ones. */
  customEncoder?: TransformerEncoder | null;
  customDecoder?: TransformerDecoder | null;
}

export interface TransformerMasks extends DecoderMasks {
  srcMask?: Tensor | null;
  srcKeyPaddingMask?: Tensor | null;
  srcIsCausal?: boolean | null;
}

const transformerMaskNames: Names<TransformerMasks> = {
  ...decoderMaskNames,
  srcMask: true,
  srcKeyPaddingMask: true,
  srcIsCausal: true,
};

/** Encoder and decoder (Vaswani et al. 2017). */
export class Transformer extends Module {
  readonly encoder: TransformerEncoder;
  readonly decoder: TransformerDecoder;
  readonly dModel: number;
  readonly nhead: number;
  readonly batchFirst: boolean;

  constructor(options: TransformerOptions = {}) {
    requireOptions(new.target, options);
    super();
    const { dModel = 512, nhead = 8, numEncoderLayers = 6, numDecoderLayers = 6, ...rest } = options;
    const { customEncoder, customDecoder, ...ofLayers } = rest;
    const { layerNormEps: eps = 1e-5, bias, batchFirst = false, device, dtype } = ofLayers;
    const norm = () => new LayerNorm(dModel, { eps, bias, device, dtype });
    const encoder = () => {
      const layer = new TransformerEncoderLayer(dModel, nhead, ofLayers);
      return new TransformerEncoder(layer, numEncoderLayers, { norm: norm() });
    };
    const decoder = () => {
      const layer = new TransformerDecoderLayer(dModel, nhead, ofLayers);
      return new TransformerDecoder(layer, numDecoderLayers, { norm: norm() });
    };
    this.encoder = customEncoder ?? encoder();
    this.decoder = customDecoder ?? decoder();
    for (const parameter of this.parameters()) if (parameter.dim() > 1) xavierUniform_(parameter);
    this.dModel = dModel;
    this.nhead = nhead;
    this.batchFirst = batchFirst;
  }

  /** A mask [size, size] that hides what comes later: −∞ above the diagonal. */
  static generateSquareSubsequentMask(
    size: number,
    options: { device?: DeviceLike | null; dtype?: DType | null } = {},
  ): Tensor {
    requireNames(Transformer.generateSquareSubsequentMask, options, { device: true, dtype: true });
    return causalMask(size, options);
  }

  /** src [S, N, E] or [S, E], tgt [T, N, E] or [T, E]. */
  override forward(src: Tensor, tgt: Tensor, masks: TransformerMasks = {}): Tensor {
    requireNames(this.forward, masks, transformerMaskNames);
    const batchDim = this.batchFirst ? 0 : 1;
    if (src.dim() === 3 && src.size(batchDim) !== tgt.size(batchDim)) {
      throw new TorchError('the batch number of src and tgt must be equal');
    }
    if (src.size(-1) !== this.dModel || tgt.size(-1) !== this.dModel) {
      throw new TorchError('the feature number of src and tgt must be equal to d_model');
    }
    const { srcMask, srcKeyPaddingMask, srcIsCausal, ...decoderMasks } = masks;
    return scope(() => {
      const memory = this.encoder.forward(src, { mask: srcMask, srcKeyPaddingMask, isCausal: srcIsCausal });
      return this.decoder.forward(tgt, memory, decoderMasks);
    });
  }
}
