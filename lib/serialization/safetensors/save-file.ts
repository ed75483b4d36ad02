import { scope } from '../../memory.js';
import { readStorage } from '../../storage.js';
import type { Tensor } from '../../tensor.js';
import { writeAtomically } from '../atomic-file.js';
import { headerOf, inFileOrder, type Metadata, type Tensors } from './layout.js';

/**
 * Writes tensors as a safetensors file, byte for byte as Python's `safetensors.torch.save_file`. The file replaces an
 * old one only when it is complete.
 *
 * @param metadata strings to keep beside the tensors; many programs look for `{ format: 'pt' }`
 * @throws ValueError or TorchError naming a tensor that the format cannot hold: not contiguous, sparse, sharing memory
 *   with another one, complex128, quantized
 * @throws TorchError naming the path when the file cannot be written; an old file is then untouched
 */
export function saveFile(tensors: Tensors, path: string, metadata: Metadata | null = null): void {
  scope(() => {
    const ordered = inFileOrder(tensors);
    const header = headerOf(ordered, metadata);
    writeAtomically(path, (file) => {
      file.write(header);
      for (const { tensor, nbytes } of ordered) file.writeStorage(tensor, beginOf(tensor), nbytes);
    });
  });
}

/** The bytes of the file that {@link saveFile} writes. */
export function save(tensors: Tensors, metadata: Metadata | null = null): Uint8Array {
  return scope(() => {
    const ordered = inFileOrder(tensors);
    const header = headerOf(ordered, metadata);
    const bytes = Buffer.alloc(ordered.reduce((sum, { nbytes }) => sum + nbytes, header.length));
    let at = Buffer.from(header).copy(bytes);
    for (const { tensor, nbytes } of ordered) {
      readStorage(tensor, beginOf(tensor), bytes.subarray(at, at + nbytes));
      at += nbytes;
    }
    return bytes;
  });
}

// A tensor's own bytes, without the rest of its storage.
function beginOf(tensor: Tensor): number {
  return tensor.storageOffset() * tensor.dtype.itemsize;
}
