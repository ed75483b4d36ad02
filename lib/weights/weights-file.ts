import { load } from '../serialization/index.js';
import { leavesOf } from '../serialization/leaves.js';
import { loadFile, safeOpen } from '../serialization/safetensors/index.js';
import type { Tensor } from '../tensor.js';
import { CARRIED, type Carried, carriedIn, carriedOf } from './carried.js';

/** The tensors of a file by their paths in it, and what it says of itself where it was converted. */
export interface WeightsFile {
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly carried: Carried | null;
}

export interface WeightsFileOptions {
  /** Takes the tensors out of objects of classes that cannot be loaded, such as a module that was pickled whole. */
  keepUnknown?: boolean;
}

/** Reads what PyTorch or safetensors wrote. Throws CheckpointError naming the file. */
export function readWeightsFile(path: string, { keepUnknown }: WeightsFileOptions = {}): WeightsFile {
  if (path.endsWith('.safetensors.index.json')) return { tensors: loadFile(path), carried: null };
  if (path.endsWith('.safetensors')) {
    const record = metadataOf(path)?.get(CARRIED);
    return { tensors: loadFile(path), carried: record === undefined ? null : carriedOf(parsed(record)) };
  }
  const value = load(path, { mapLocation: 'cpu', keepUnknown });
  return { tensors: leavesOf(value).tensors, carried: carriedIn(value) };
}

function metadataOf(path: string): ReadonlyMap<string, string> | null {
  const file = safeOpen(path);
  try {
    return file.metadata();
  } finally {
    file.close();
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
