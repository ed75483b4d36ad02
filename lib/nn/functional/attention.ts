// Multi-head attention as one function of its weights (Vaswani et al. 2017).

import { TorchError } from '../../errors.js';
import { scope } from '../../memory.js';
import { aten } from '../../operators/ops.js';
import { type Names, requireNames } from '../../options.js';
import { floorDiv } from '../../python-number.js';
import { sizeText } from '../../python-text.js';
import type { Tensor } from '../../tensor.js';
import { additiveMask, checkShapes, sized } from './attention-mask.js';
import { projectApart, projectPacked } from './attention-projection.js';
import { dropout } from './dropout.js';

export const { scaledDotProductAttention } = aten;

export interface MultiHeadAttentionOptions {
  training?: boolean;
  /** [N, S]; true or −∞ where a key is padding. */
  keyPaddingMask?: Tensor | null;
  needWeights?: boolean;
  /** [L, S] or [N · heads, L, S]; true where attention is not allowed, or added to the scores. */
  attnMask?: Tensor | null;
  useSeparateProjWeight?: boolean;
  qProjWeight?: Tensor | null;
  kProjWeight?: Tensor | null;
  vProjWeight?: Tensor | null;
  staticK?: Tensor | null;
  staticV?: Tensor | null;
  /** The mean of the weights over the heads. */
  averageAttnWeights?: boolean;
  isCausal?: boolean;
}

const multiHeadAttentionNames: Names<MultiHeadAttentionOptions> = {
  training: true,
  keyPaddingMask: true,
  needWeights: true,
  attnMask: true,
  useSeparateProjWeight: true,
  qProjWeight: true,
  kProjWeight: true,
  vProjWeight: true,
  staticK: true,
  staticV: true,
  averageAttnWeights: true,
  isCausal: true,
};

type Three = [q: Tensor, k: Tensor, v: Tensor];

function project(
  inputs: Three,
  weight: Tensor | null,
  bias: Tensor | null,
  options: MultiHeadAttentionOptions,
) {
  const [, key, value] = inputs;
  const { useSeparateProjWeight, qProjWeight, kProjWeight, vProjWeight } = options;
  if (!useSeparateProjWeight) {
    if (sizeText(key.shape) !== sizeText(value.shape)) {
      throw new TorchError(
        `key shape ${sizeText(key.shape)} does not match value shape ${sizeText(value.shape)}`,
      );
    }
    if (!weight) throw new TorchError('use_separate_proj_weight is False but in_proj_weight is None');
    return projectPacked(inputs, weight, bias);
  }
  const [batch, other] = [sizeText(key.shape.slice(0, 2)), sizeText(value.shape.slice(0, 2))];
  if (batch !== other) {
    throw new TorchError(`key's sequence and batch dims ${batch} do not match value's ${other}`);
  }
  const weights = { q: qProjWeight, k: kProjWeight, v: vProjWeight };
  for (const [name, given] of Object.entries(weights)) {
    if (!given) throw new TorchError(`use_separate_proj_weight is True but ${name}_proj_weight is None`);
  }
  return projectApart(inputs, Object.values(weights) as Three, bias);
}

function checkStatic(given: Tensor, name: string, heads: number, headDim: number): Tensor {
  for (const [dim, expected] of [
    [0, heads],
    [2, headDim],
  ] as const) {
    if (given.size(dim) === expected) continue;
    throw new TorchError(`expecting ${name}.size(${dim}) of ${expected}, but got ${given.size(dim)}`);
  }
  return given;
}

/** query [L, N, E], key and value [S, N, E], or without N. Gives the output and the weights, or null for those. */
export function multiHeadAttentionForward(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  embedDimToCheck: number,
  numHeads: number,
  inProjWeight: Tensor | null,
  inProjBias: Tensor | null,
  biasK: Tensor | null,
  biasV: Tensor | null,
  addZeroAttn: boolean,
  dropoutP: number,
  outProjWeight: Tensor,
  outProjBias: Tensor | null,
  options: MultiHeadAttentionOptions = {},
): [output: Tensor, weights: Tensor | null] {
  requireNames(multiHeadAttentionForward, options, multiHeadAttentionNames);
  const { needWeights = true, training = true, staticK, staticV, averageAttnWeights = true } = options;
  const batched = checkShapes(query, key, value, options.keyPaddingMask, options.attnMask, numHeads);
  return scope(() => {
    // Without a batch PyTorch makes three views, also of one tensor, and so projects them one by one.
    const inputs = [query, key, value].map((x) => (batched ? x : x.unsqueeze(1))) as Three;
    const [length = 0, batch = 0, embedDim = 0] = inputs[0].shape;
    const heads = batch * numHeads;
    let padding = additiveMask(options.keyPaddingMask, 'key_padding_mask', query.dtype);
    if (padding && !batched) padding = padding.unsqueeze(0);
    if (options.isCausal && !options.attnMask) {
      throw new TorchError(
        'Need attn_mask if specifying the is_causal hint. You may use the Transformer module method `generate_square_subsequent_mask` to create this mask.',
      );
    }
    // The hint alone is enough where nothing else masks; the kernel then makes the mask itself.
    const causal = (options.isCausal ?? false) && !padding;
    const hinted = causal && !needWeights;
    const asked = hinted ? null : additiveMask(options.attnMask, 'attn_mask', query.dtype);
    if (embedDim !== embedDimToCheck) {
      throw new TorchError(`was expecting embedding dimension of ${embedDimToCheck}, but got ${embedDim}`);
    }
    const headDim = floorDiv(embedDim, numHeads);
    if (headDim * numHeads !== embedDim) {
      throw new TorchError(`embed_dim ${embedDim} not divisible by num_heads ${numHeads}`);
    }
    let [q, k, v] = project(inputs, inProjWeight, inProjBias, options);
    let mask = sized(asked, length, inputs[1].size(0), heads);
    const widen = () => {
      mask &&= aten.pad(mask, [0, 1]);
      padding &&= aten.pad(padding, [0, 1]);
    };
    if (biasK && biasV) {
      if (staticK) throw new TorchError('bias cannot be added to static key.');
      if (staticV) throw new TorchError('bias cannot be added to static value.');
      k = aten.cat([k, biasK.repeat([1, batch, 1])]);
      v = aten.cat([v, biasV.repeat([1, batch, 1])]);
      widen();
    } else {
      if (biasK) throw new TorchError('bias_k is set but bias_v is None');
      if (biasV) throw new TorchError('bias_v is set but bias_k is None');
    }
    const split = (x: Tensor) => x.view([x.size(0), heads, headDim]).transpose(0, 1);
    q = split(q);
    k = staticK ? checkStatic(staticK, 'static_k', heads, headDim) : split(k);
    v = staticV ? checkStatic(staticV, 'static_v', heads, headDim) : split(v);
    if (addZeroAttn) {
      const zeros = ({ dtype, device }: Tensor) => aten.zeros([heads, 1, headDim], { dtype, device });
      k = aten.cat([k, zeros(k)], 1);
      v = aten.cat([v, zeros(v)], 1);
      widen();
    }
    const source = k.size(1);
    if (padding) {
      const expanded = padding.view([batch, 1, 1, source]).expand([-1, numHeads, -1, -1]);
      const perHead = expanded.reshape([heads, 1, source]);
      mask = mask ? mask.add(perHead) : perHead;
    }
    const p = training ? dropoutP : 0;
    const project2 = (x: Tensor) => {
      const y = aten.linear(x, outProjWeight, outProjBias);
      const shaped = y.view([length, batch, y.size(1)]);
      return batched ? shaped : shaped.squeeze(1);
    };
    if (!needWeights) {
      const apart = (x: Tensor) => x.view([batch, numHeads, -1, headDim]);
      if (mask) {
        mask = mask.size(0) === 1 ? mask.unsqueeze(0) : mask.view([batch, numHeads, -1, source]);
      }
      const y = aten.scaledDotProductAttention(apart(q), apart(k), apart(v), mask, p, causal);
      return [project2(y.permute([2, 0, 1, 3]).reshape([batch * length, embedDim])), null];
    }
    const scaled = q.mul(Math.sqrt(1 / headDim));
    const scores = mask ? aten.baddbmm(mask, scaled, k.transpose(-2, -1)) : scaled.bmm(k.transpose(-2, -1));
    const soft = scores.softmax(-1);
    const weights = p > 0 ? dropout(soft, { p }) : soft;
    const output = project2(
      weights
        .bmm(v)
        .transpose(0, 1)
        .reshape([length * batch, embedDim]),
    );
    const perHead = weights.view([batch, numHeads, length, source]);
    const shown = averageAttnWeights ? perHead.mean(1) : perHead;
    return [output, batched ? shown : shown.squeeze(0)];
  });
}
