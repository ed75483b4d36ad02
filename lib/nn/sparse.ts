import { noGrad } from '../autograd/index.js';
import { TorchError } from '../errors.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { type Names, requireKnown, requireNames, requireOptions } from '../options.js';
import { stringRepr, valueText } from '../python-text.js';
import { float, type Real } from '../scalar.js';
import type { Tensor } from '../tensor.js';
import type { FactoryOptions } from './factory-options.js';
import { embedding, embeddingBag } from './functional/embedding.js';
import { normal_ } from './init.js';
import { Module } from './module.js';
import { Parameter } from './parameter.js';

interface TableOptions extends FactoryOptions {
  /** The row that is zero at first and gets no gradient; negative counts from the end. */
  paddingIdx?: number | null;
  /** Rows that are looked up are first scaled to at most this norm, in place. */
  maxNorm?: Real | null;
  normType?: Real;
  scaleGradByFreq?: boolean;
  sparse?: boolean;
  /** The rows, instead of drawn ones. */
  _weight?: Tensor | null;
  _freeze?: boolean;
}

/** A table of rows, N(0, 1) if not given. */
abstract class Table extends Module {
  weight: Parameter;
  readonly numEmbeddings: number;
  readonly embeddingDim: number;
  readonly paddingIdx: number | null;
  readonly maxNorm: Real | null;
  readonly normType: Real;
  readonly scaleGradByFreq: boolean;
  readonly sparse: boolean;

  constructor(numEmbeddings: number, embeddingDim: number, refusal: string, options: TableOptions) {
    super();
    const {
      paddingIdx = null,
      maxNorm = null,
      normType = float(2),
      scaleGradByFreq = false,
      ...rest
    } = options;
    const { sparse = false, _weight, _freeze = false, device, dtype, ...others } = rest;
    requireKnown(new.target, options, others);
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    if (
      paddingIdx !== null &&
      (paddingIdx >= numEmbeddings || paddingIdx < -numEmbeddings) &&
      paddingIdx !== 0
    ) {
      throw new TorchError(refusal);
    }
    this.paddingIdx = paddingIdx !== null && paddingIdx < 0 ? numEmbeddings + paddingIdx : paddingIdx;
    this.maxNorm = maxNorm;
    this.normType = normType;
    this.scaleGradByFreq = scaleGradByFreq;
    this.sparse = sparse;
    if (_weight) {
      const [rows, columns] = _weight.shape;
      if (_weight.dim() !== 2 || rows !== numEmbeddings || columns !== embeddingDim) {
        throw new TorchError('Shape of weight does not match num_embeddings and embedding_dim');
      }
      this.weight = new Parameter(_weight, !_freeze);
    } else {
      this.weight = new Parameter(aten.empty([numEmbeddings, embeddingDim], { dtype, device }), !_freeze);
      this.resetParameters();
    }
  }

  resetParameters(): void {
    normal_(this.weight);
    const { paddingIdx } = this;
    if (paddingIdx === null) return;
    scope(() => noGrad(() => void this.weight.select(0, paddingIdx).fill_(0)));
  }

  protected get lookup() {
    const { paddingIdx, maxNorm, normType, scaleGradByFreq, sparse } = this;
    return { paddingIdx, maxNorm: maxNorm && +maxNorm, normType: +normType, scaleGradByFreq, sparse };
  }

  protected get normTexts(): string[] {
    const { maxNorm, normType, scaleGradByFreq } = this;
    const parts = maxNorm === null ? [] : [`max_norm=${valueText(maxNorm)}`];
    if (+normType !== 2) parts.push(`norm_type=${valueText(normType)}`);
    if (scaleGradByFreq) parts.push('scale_grad_by_freq=True');
    return parts;
  }
}

export type EmbeddingOptions = TableOptions;

function size(embeddings: Tensor): [number, number] {
  if (embeddings.dim() !== 2) throw new TorchError('Embeddings parameter is expected to be 2-dimensional');
  return embeddings.shape as [number, number];
}

/** Rows of a table [V, E], looked up by an integer tensor of any shape. */
export class Embedding extends Table {
  constructor(numEmbeddings: number, embeddingDim: number, options: EmbeddingOptions = {}) {
    requireOptions(new.target, options);
    super(numEmbeddings, embeddingDim, 'Padding_idx must be within num_embeddings', options);
  }

  /** A table of given rows, frozen unless said otherwise. */
  static fromPretrained(
    embeddings: Tensor,
    options: EmbeddingOptions & { freeze?: boolean } = {},
  ): Embedding {
    requireOptions(Embedding.fromPretrained, options);
    const { freeze = true, ...others } = options;
    return new Embedding(...size(embeddings), { ...others, _weight: embeddings, _freeze: freeze });
  }

  override forward(input: Tensor): Tensor {
    return embedding(input, this.weight, this.lookup);
  }

  override extraRepr(): string {
    const parts = [`${this.numEmbeddings}, ${this.embeddingDim}`];
    if (this.paddingIdx !== null) parts.push(`padding_idx=${this.paddingIdx}`);
    parts.push(...this.normTexts);
    if (this.sparse) parts.push('sparse=True');
    return parts.join(', ');
  }
}

export interface EmbeddingBagOptions extends TableOptions {
  mode?: 'sum' | 'mean' | 'max';
  /** The last offset is the end of the last bag. */
  includeLastOffset?: boolean;
}

export interface BagInput {
  /** Where each bag begins, for a one-dimensional input. */
  offsets?: Tensor | null;
  /** For mode 'sum'. */
  perSampleWeights?: Tensor | null;
}

const bagInputNames: Names<BagInput> = { offsets: true, perSampleWeights: true };

/** One reduced row per bag, without the rows in between: input [B, N], or [L] with offsets. */
export class EmbeddingBag extends Table {
  readonly mode: 'sum' | 'mean' | 'max';
  readonly includeLastOffset: boolean;

  constructor(numEmbeddings: number, embeddingDim: number, options: EmbeddingBagOptions = {}) {
    requireOptions(new.target, options);
    const { mode = 'mean', includeLastOffset = false, ...others } = options;
    super(numEmbeddings, embeddingDim, 'padding_idx must be within num_embeddings', others);
    this.mode = mode;
    this.includeLastOffset = includeLastOffset;
  }

  /** A table of given rows, frozen unless said otherwise. */
  static fromPretrained(
    embeddings: Tensor,
    options: EmbeddingBagOptions & { freeze?: boolean } = {},
  ): EmbeddingBag {
    requireOptions(EmbeddingBag.fromPretrained, options);
    const { freeze = true, ...others } = options;
    return new EmbeddingBag(...size(embeddings), { ...others, _weight: embeddings, _freeze: freeze });
  }

  override forward(input: Tensor, options: BagInput = {}): Tensor {
    requireNames(this.forward, options, bagInputNames);
    const { offsets, perSampleWeights } = options;
    const { mode, includeLastOffset } = this;
    return embeddingBag(input, this.weight, {
      ...this.lookup,
      offsets,
      perSampleWeights,
      mode,
      includeLastOffset,
    });
  }

  override extraRepr(): string {
    const parts = [`${this.numEmbeddings}, ${this.embeddingDim}`, ...this.normTexts];
    parts.push(`mode=${stringRepr(this.mode)}`);
    if (this.paddingIdx !== null) parts.push(`padding_idx=${this.paddingIdx}`);
    return parts.join(', ');
  }
}
