// The safetensors format: https://github.com/huggingface/safetensors; names follow Python's `safetensors.torch`.

import { requireNames } from '../../options.js';
import type { Tensor } from '../../tensor.js';
import { type SafeFile, type SafeOpenOptions, safeOpen, safeOpenBytes, safeOpenNames } from './safe-file.js';
import { INDEX_ENDING, loadIndex } from './sharded.js';

export { SafetensorError } from './errors.js';
export type { TensorPlace } from './header.js';
export type { Metadata, Tensors } from './layout.js';
export { type SafeFile, type SafeOpenOptions, safeOpen } from './safe-file.js';
export { save, saveFile } from './save-file.js';
export { type SaveShardedOptions, saveIndex } from './sharded.js';

/**
 * Loads every tensor of a `.safetensors` file, or of all the files that a `*.safetensors.index.json` names.
 *
 * @throws SafetensorError naming the file, the tensor and what is wrong
 */
export function loadFile(path: string, options: SafeOpenOptions = {}): Map<string, Tensor> {
  requireNames(loadFile, options, safeOpenNames);
  return path.endsWith(INDEX_ENDING) ? loadIndex(path, options) : loadAll(safeOpen(path, options));
}

/** Loads every tensor from the bytes of a file. Throws SafetensorError. */
export function load(bytes: Uint8Array, options: SafeOpenOptions = {}): Map<string, Tensor> {
  requireNames(load, options, safeOpenNames);
  return loadAll(safeOpenBytes(bytes, options));
}

function loadAll(file: SafeFile): Map<string, Tensor> {
  try {
    return new Map(file.keys().map((name) => [name, file.getTensor(name)]));
  } finally {
    file.close();
  }
}
