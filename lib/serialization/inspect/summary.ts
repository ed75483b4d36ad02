/** A tensor of a file, without its elements. */
export interface TensorSummary {
  /** Keys and indices down to it, joined with dots. */
  readonly name: string;
  readonly shape: readonly number[];
  /** `float32`; of other formats what they call it. */
  readonly dtype: string;
  /** Bytes of its own elements. */
  readonly nbytes: number;
  /** Elements between neighbours of each dimension, and before the first; only where it is not plainly contiguous. */
  readonly stride?: readonly number[];
  readonly storageOffset?: number;
  /** Of another layout than dense. */
  readonly layout?: string;
  /** The first tensor that lies in the same memory. */
  readonly sharesWith?: string;
}

/** What is in a file. */
export interface FileSummary {
  readonly format: 'PyTorch' | 'safetensors' | 'NumPy' | 'HDF5';
  readonly tensors: readonly TensorSummary[];
  /** Everything else that a checkpoint holds, or the metadata of a safetensors file, by name. */
  readonly values: ReadonlyMap<string, unknown>;
  /** Bytes of all tensors, memory that several share counted once. */
  readonly nbytes: number;
}

/** The summary of a format in which no two tensors share memory. */
export function unshared(
  format: FileSummary['format'],
  tensors: readonly TensorSummary[],
  values: ReadonlyMap<string, unknown> = new Map(),
): FileSummary {
  return { format, tensors, values, nbytes: tensors.reduce((sum, { nbytes }) => sum + nbytes, 0) };
}
