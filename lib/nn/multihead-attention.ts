import { isGradEnabled } from '../autograd/index.js';
import { TorchError, ValueError } from '../errors.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { type Names, requireKnown, requireNames, requireOptions } from '../options.js';
import { floorDiv } from '../python-number.js';
import type { Tensor } from '../tensor.js';
import type { FactoryOptions } from './factory-options.js';
import { multiHeadAttentionForward } from './functional/attention.js';
import { additiveMask } from './functional/attention-mask.js';
import { constant_, xavierNormal_, xavierUniform_ } from './init.js';
import { NonDynamicallyQuantizableLinear } from './linear.js';
import { Module } from './module.js';
import { Parameter } from './parameter.js';

export interface MultiheadAttentionOptions extends FactoryOptions {
  /** Of the attention weights, in training. */
  dropout?: number;
  bias?: boolean;
  addBiasKv?: boolean;
  addZeroAttn?: boolean;
  /** Features of key and value, if they are not embedDim. */
  kdim?: number | null;
  vdim?: number | null;
  /** Inputs and output are [N, L, E] instead of [L, N, E]. */
  batchFirst?: boolean;
}

export interface AttentionOptions {
  /** [N, S]; true or −∞ where a key is padding. */
  keyPaddingMask?: Tensor | null;
  needWeights?: boolean;
  /** [L, S] or [N · heads, L, S]; true where attention is not allowed, or added to the scores. */
  attnMask?: Tensor | null;
  /** The mean of the weights over the heads. */
  averageAttnWeights?: boolean;
  /** A hint that attnMask is the causal one. */
  isCausal?: boolean;
}

const attentionNames: Names<AttentionOptions> = {
  keyPaddingMask: true,
  needWeights: true,
  attnMask: true,
  averageAttnWeights: true,
  isCausal: true,
};

type Three = [query: Tensor, key: Tensor, value: Tensor];

/** True where autograd would see one of the tensors. */
export function recorded(tensors: readonly (Tensor | null)[]): boolean {
  return isGradEnabled() && tensors.some((tensor) => tensor?.requiresGrad);
}

/** Attention of several heads (Vaswani et al. 2017). */
export class MultiheadAttention extends Module {
  qProjWeight: Parameter | null;
  kProjWeight: Parameter | null;
  vProjWeight: Parameter | null;
  /** The weights of query, key and value in one, [3E, E], where all have E features. */
  inProjWeight: Parameter | null;
  inProjBias: Parameter | null;
  biasK: Parameter | null;
  biasV: Parameter | null;
  outProj: NonDynamicallyQuantizableLinear;
  readonly kdim: number;
  readonly vdim: number;
  dropout: number;
  readonly batchFirst: boolean;
  readonly addZeroAttn: boolean;
  readonly headDim: number;

  constructor(
    readonly embedDim: number,
    readonly numHeads: number,
    options: MultiheadAttentionOptions = {},
  ) {
    requireOptions(new.target, options);
    if (embedDim <= 0 || numHeads <= 0) {
      throw new ValueError(
        `embed_dim and num_heads must be greater than 0, got embed_dim=${embedDim} and num_heads=${numHeads} instead`,
      );
    }
    super();
    const { dropout = 0, bias = true, addBiasKv = false, addZeroAttn = false, kdim, vdim, ...rest } = options;
    const { batchFirst = false, device, dtype, ...others } = rest;
    requireKnown(new.target, options, others);
    this.kdim = kdim ?? embedDim;
    this.vdim = vdim ?? embedDim;
    this.dropout = +dropout;
    this.batchFirst = batchFirst;
    this.addZeroAttn = addZeroAttn;
    this.headDim = floorDiv(embedDim, numHeads);
    if (this.headDim * numHeads !== embedDim)
      throw new TorchError('embed_dim must be divisible by num_heads');
    const empty = (...shape: number[]) => new Parameter(aten.empty(shape, { dtype, device }));
    const packed = this.packed;
    this.qProjWeight = packed ? null : empty(embedDim, embedDim);
    this.kProjWeight = packed ? null : empty(embedDim, this.kdim);
    this.vProjWeight = packed ? null : empty(embedDim, this.vdim);
    this.inProjWeight = packed ? empty(3 * embedDim, embedDim) : null;
    this.inProjBias = bias ? empty(3 * embedDim) : null;
    this.outProj = new NonDynamicallyQuantizableLinear(embedDim, embedDim, { bias, device, dtype });
    this.biasK = addBiasKv ? empty(1, 1, embedDim) : null;
    this.biasV = addBiasKv ? empty(1, 1, embedDim) : null;
    this.resetParameters();
  }

  /** Query, key and value have one weight together. */
  get packed(): boolean {
    return this.kdim === this.embedDim && this.vdim === this.embedDim;
  }

  resetParameters(): void {
    const { inProjWeight, qProjWeight, kProjWeight, vProjWeight, inProjBias, biasK, biasV } = this;
    for (const weight of [inProjWeight, qProjWeight, kProjWeight, vProjWeight]) {
      if (weight) xavierUniform_(weight);
    }
    if (inProjBias) {
      constant_(inProjBias, 0);
      constant_(this.outProj.bias as Parameter, 0);
    }
    if (biasK) xavierNormal_(biasK);
    if (biasV) xavierNormal_(biasV);
  }

  /** The kernel that does it all at once, without a graph. */
  private takesFastPath([query, key, value]: Three, { attnMask, keyPaddingMask }: AttentionOptions): boolean {
    const { inProjWeight, inProjBias, outProj } = this;
    return (
      !attnMask?.dtype.isFloatingPoint &&
      !keyPaddingMask?.dtype.isFloatingPoint &&
      query.dim() === 3 &&
      query === key &&
      key === value &&
      inProjWeight !== null &&
      query.dtype === inProjWeight.dtype &&
      (inProjBias === null || query.dtype === inProjBias.dtype) &&
      !this.training &&
      this.numHeads % 2 === 0 &&
      this.batchFirst &&
      this.biasK === null &&
      this.biasV === null &&
      !this.addZeroAttn &&
      inProjBias !== null &&
      ['cpu', 'cuda'].includes(query.device.type) &&
      !recorded([query, inProjWeight, inProjBias, outProj.weight, outProj.bias])
    );
  }

  /** One additive mask of both, and libtorch's number of its kind. */
  mergeMasks(
    attnMask: Tensor | null,
    keyPaddingMask: Tensor | null,
    query: Tensor,
  ): [mask: Tensor | null, kind: 1 | 2 | null] {
    if (!attnMask) return [keyPaddingMask, keyPaddingMask ? 1 : null];
    const [batch = 0, length = 0] = query.shape;
    const expanded =
      attnMask.dim() === 3
        ? attnMask.view([batch, -1, length, length])
        : attnMask.view([1, 1, length, length]).expand([batch, this.numHeads, -1, -1]);
    if (!keyPaddingMask) return [expanded, 2];
    const padding = keyPaddingMask.view([batch, 1, 1, length]).expand([-1, this.numHeads, -1, -1]);
    return [expanded.add(padding), 2];
  }

  private fast(query: Tensor, options: AttentionOptions): [Tensor, Tensor | null] {
    const { needWeights = true, averageAttnWeights = true } = options;
    const [attnMask, padding] = this.additive(options, query);
    const [mask, kind] = this.mergeMasks(attnMask, padding, query);
    const { embedDim, numHeads, outProj } = this;
    const [output, weights] = aten._nativeMultiHeadAttention(
      query,
      query,
      query,
      embedDim,
      numHeads,
      this.inProjWeight as Parameter,
      this.inProjBias as Parameter,
      outProj.weight,
      outProj.bias as Parameter,
      mask,
      needWeights,
      averageAttnWeights,
      kind,
    );
    return [output, needWeights ? weights : null];
  }

  private additive(
    { attnMask, keyPaddingMask }: AttentionOptions,
    { dtype }: Tensor,
  ): [attnMask: Tensor | null, keyPaddingMask: Tensor | null] {
    const padding = additiveMask(keyPaddingMask, 'key_padding_mask', dtype);
    return [additiveMask(attnMask, 'attn_mask', dtype), padding];
  }

  /** query [L, N, E], key [S, N, kdim], value [S, N, vdim], or without N. Gives the output and the weights or null. */
  override forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    options: AttentionOptions = {},
  ): [output: Tensor, weights: Tensor | null] {
    requireNames(this.forward, options, attentionNames);
    return scope(() => {
      const given: Three = [query, key, value];
      if (this.takesFastPath(given, options)) return this.fast(query, options);
      const [attnMask, keyPaddingMask] = this.additive(options, query);
      const turned = this.batchFirst && query.dim() === 3;
      // One object per tensor that was given: who is whom decides how they are projected.
      const views = new Map(given.map((x) => [x, turned ? x.transpose(1, 0) : x]));
      const [q, k, v] = given.map((x) => views.get(x)) as Three;
      const { embedDim, numHeads, inProjWeight, inProjBias, biasK, biasV, outProj, packed } = this;
      const { qProjWeight, kProjWeight, vProjWeight } = this;
      const [output, weights] = multiHeadAttentionForward(
        q,
        k,
        v,
        embedDim,
        numHeads,
        inProjWeight,
        inProjBias,
        biasK,
        biasV,
        this.addZeroAttn,
        this.dropout,
        outProj.weight,
        outProj.bias,
        {
          ...options,
          training: this.training,
          attnMask,
          keyPaddingMask,
          ...(packed ? {} : { useSeparateProjWeight: true, qProjWeight, kProjWeight, vProjWeight }),
        },
      );
      return [turned ? output.transpose(1, 0) : output, weights];
    });
  }
}
