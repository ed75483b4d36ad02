import { scope } from '../../memory.js';
import { readStorage } from '../../storage.js';
import type { Tensor } from '../../tensor.js';
import { type Sink, writeAtomically } from '../atomic-file.js';
import { headerOf, inFileOrder, type Metadata, type NamedTensor, type Tensors } from './layout.js';

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
    writeAtomically(path, (sink) => write(sink, header, ordered));
  });
}

/** The bytes of the file that {@link saveFile} writes. */
export function save(tensors: Tensors, metadata: Metadata | null = null): Uint8Array {
  return scope(() => {
    const ordered = inFileOrder(tensors);
    const header = headerOf(ordered, metadata);
    const bytes = Buffer.alloc(ordered.reduce((sum, { nbytes }) => sum + nbytes, header.length));
    let at = 0;
    write(
      (piece) => (at += Buffer.from(piece.buffer, piece.byteOffset, piece.length).copy(bytes, at)),
      header,
      ordered,
    );
    return bytes;
  });
}

function write(sink: Sink, header: Uint8Array, tensors: readonly NamedTensor[]): void {
  sink(header);
  for (const { tensor, nbytes } of tensors) {
    for (const piece of ownPieces(tensor, nbytes)) sink(piece);
  }
}

const PIECE = 1 << 24;

/** A tensor's own bytes, without the rest of its storage; each piece is valid until the next. */
function* ownPieces(tensor: Tensor, nbytes: number): Generator<Uint8Array> {
  const begin = tensor.storageOffset() * tensor.dtype.itemsize;
  const block = Buffer.allocUnsafe(Math.min(nbytes, PIECE));
  for (let done = 0; done < nbytes; done += PIECE) {
    const piece = block.subarray(0, Math.min(PIECE, nbytes - done));
    readStorage(tensor, begin + done, piece);
    yield piece;
  }
}
