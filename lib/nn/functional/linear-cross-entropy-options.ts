// How linearCrossEntropy divides its batch, and in what it accumulates (torch.nn.LinearCrossEntropyOptions).

import { bfloat16, type DType, float16, float32, float64 } from '../../dtype.js';
import { ValueError } from '../../errors.js';
import { requireNames } from '../../options.js';
import { floorDiv } from '../../python-number.js';
import { stringRepr, valueText } from '../../python-text.js';
import type { Tensor } from '../../tensor.js';

export type AccPolicy = 'accurate' | 'balanced' | 'compact' | 'auto';

export interface ChunkOptions {
  /** Backward may run twice, for one gradient-sized allocation per call. */
  allowRetainGraph?: boolean;
  /** Rows per chunk. */
  batchChunkSize?: number | null;
  /** 'auto', 'aspect_ratio', 'aspect_ratio:N', or null for `batchChunkSize`. */
  chunkingMethod?: string | null;
  /** Which intermediates are kept in `accDtype`. */
  accPolicy?: AccPolicy;
  accDtype?: DType | null;
}

const policies = ['auto', 'accurate', 'balanced', 'compact'];

export class LinearCrossEntropyOptions {
  readonly allowRetainGraph: boolean;
  readonly batchChunkSize: number | null;
  readonly chunkingMethod: string | null;
  readonly accPolicy: AccPolicy;
  readonly accDtype: DType | null;

  constructor(options: ChunkOptions = {}) {
    requireNames(new.target, options, {
      allowRetainGraph: true,
      batchChunkSize: true,
      chunkingMethod: true,
      accPolicy: true,
      accDtype: true,
    });
    const { allowRetainGraph = false, batchChunkSize = null, chunkingMethod = 'auto' } = options;
    const { accPolicy = 'auto', accDtype = null } = options;
    if (!policies.includes(accPolicy)) throw new ValueError(`invalid acc_policy: ${valueText(accPolicy)}`);
    if (chunkingMethod !== null && !/^(auto|aspect_ratio(:0*[1-9]\d*)?)$/.test(chunkingMethod)) {
      throw new ValueError(`invalid chunking_method: ${stringRepr(chunkingMethod)}`);
    }
    if (batchChunkSize !== null && !(Number.isInteger(batchChunkSize) && batchChunkSize > 0)) {
      throw new ValueError(`batch_chunk_size must be positive int or None, got ${valueText(batchChunkSize)}`);
    }
    if (accDtype && ![float16, bfloat16, float32, float64].includes(accDtype)) {
      throw new ValueError(
        `acc_dtype must be one of {None, torch.float16, torch.bfloat16, torch.float32, torch.float64}, got ` +
          `${accDtype}. Pass acc_dtype=None to let the op pick automatically.`,
      );
    }
    this.allowRetainGraph = allowRetainGraph;
    this.batchChunkSize = batchChunkSize;
    this.chunkingMethod = chunkingMethod;
    this.accPolicy = accPolicy;
    this.accDtype = accDtype;
  }

  toString(): string {
    const method = this.chunkingMethod === null ? 'None' : stringRepr(this.chunkingMethod);
    return (
      `LinearCrossEntropyOptions(allow_retain_graph=${valueText(this.allowRetainGraph)}, ` +
      `batch_chunk_size=${valueText(this.batchChunkSize)}, chunking_method=${method}, ` +
      `acc_policy=${stringRepr(this.accPolicy)}, acc_dtype=${valueText(this.accDtype)})`
    );
  }
}

/** Options from their values, or as they are. */
export function chunkOptions(
  options: LinearCrossEntropyOptions | ChunkOptions | null | undefined,
): LinearCrossEntropyOptions | null {
  if (options == null || options instanceof LinearCrossEntropyOptions) return options ?? null;
  return new LinearCrossEntropyOptions(options);
}

/** Options with every choice made. */
export interface Chunking {
  size: number;
  policy: Exclude<AccPolicy, 'auto'>;
  accDtype: DType;
  allowRetainGraph: boolean;
}

/** Chunks whose logits take as much memory as the input. */
function aspectRatio(method: string, batches: number, features: number, classes: number): number {
  const factor = Number(method.split(':')[1] ?? 1);
  const target = Math.ceil(batches / Math.ceil(classes / features));
  let size = 1;
  while (size < target) size *= 2;
  return Math.min(floorDiv(size, factor), batches);
}

/** PyTorch's `_adjust`: what 'auto' means for this input [N, in] and weight [classes, in]. */
export function resolved(options: LinearCrossEntropyOptions, input: Tensor, classes: number): Chunking {
  const { batchChunkSize, allowRetainGraph } = options;
  const [batches, features] = input.shape as [number, number];
  const half = input.dtype === float16 || input.dtype === bfloat16;
  const accurate = half && input.device.type === 'cpu';
  const asked = options.chunkingMethod === 'auto' && batchChunkSize !== null ? null : options.chunkingMethod;
  const method = asked === 'auto' ? (accurate ? 'aspect_ratio' : 'aspect_ratio:2') : asked;
  const automatic = options.accPolicy === 'auto';
  const policy = options.accPolicy === 'auto' ? (accurate ? 'accurate' : 'compact') : options.accPolicy;
  let size = batchChunkSize === null ? batches : Math.min(batchChunkSize, batches);
  if (method !== null) {
    size = aspectRatio(method, batches, features, classes);
    if (batchChunkSize !== null && batchChunkSize !== size) {
      throw new ValueError(
        `batch_chunk_size (=${batchChunkSize}) and chunking_method ('${method}') give different chunk sizes ` +
          `(${batchChunkSize} vs ${size}); pass only one.`,
      );
    }
  }
  const accDtype = options.accDtype ?? (automatic && half ? float32 : input.dtype);
  return { size: Math.max(1, size), policy, accDtype, allowRetainGraph };
}
