import { readStorage, storageNbytes, writeStorage } from '../storage.js';
import type { Tensor } from '../tensor.js';
import type { ByteSource } from './byte-source.js';

// Storages pass through a block of this size, so that saving and loading need no more memory than that on top; it stays
// in the processor's cache between the copy, the checksum and the write.
const PIECE = 1 << 20;

/** The bytes of the whole storage under a tensor, on any device, in order; each piece is valid until the next. */
export function* piecesOf(tensor: Tensor): Generator<Uint8Array> {
  const nbytes = storageNbytes(tensor);
  const block = Buffer.allocUnsafe(Math.min(nbytes, PIECE));
  for (let start = 0; start < nbytes; start += PIECE) {
    const piece = block.subarray(0, Math.min(PIECE, nbytes - start));
    readStorage(tensor, start, piece);
    yield piece;
  }
}

/** Fills the storage under a tensor; `fill` writes a block after the other and yields each. */
export function fillStorage(tensor: Tensor, fill: (block: Uint8Array) => Iterable<Uint8Array>): void {
  const block = Buffer.allocUnsafe(Math.min(storageNbytes(tensor), PIECE));
  let start = 0;
  for (const piece of fill(block)) {
    writeStorage(tensor, start, piece);
    start += piece.byteLength;
  }
}

/** Fills the storage under a tensor with the bytes of a file from `offset` on. */
export function fillFrom(tensor: Tensor, file: ByteSource, offset: number): void {
  const size = storageNbytes(tensor);
  fillStorage(tensor, function* (block) {
    for (let done = 0; done < size; done += block.byteLength) {
      const piece = block.subarray(0, Math.min(block.byteLength, size - done));
      file.readInto(piece, offset + done);
      yield piece;
    }
  });
}
