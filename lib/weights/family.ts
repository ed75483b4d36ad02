import type { XceptionOptions } from '../models/index.js';
import type { Tensor } from '../tensor.js';
import type { Preprocessing } from './preprocessing.js';

/** What {@link XceptionOptions} the weights need to give their own results. */
export type Architecture = Pick<XceptionOptions, 'stemPadding' | 'poolPadding' | 'batchNorm'>;

export type FamilyName =
  | 'libtorch-node'
  | 'timm'
  | 'cadene'
  | 'tstandley'
  | 'pytorchcv'
  | 'faceforensics'
  | 'keras';

/** Whose Xception it is: the names of its tensors, and what comes with them. */
export interface Family {
  readonly name: FamilyName;
  /** A key that no other family has; what stands before it in a file is a prefix. */
  readonly anchor: string;
  /** Our key for one of theirs without its prefix; null for what is not a part of the network. */
  rename(key: string, shape: readonly number[]): string | null;
  /** Brings a tensor into our order of dimensions. */
  arrange?(tensor: Tensor, key: string): Tensor;
  readonly architecture: Architecture;
  /** null: the weights do not say. */
  readonly preprocessing: Preprocessing | null;
}
