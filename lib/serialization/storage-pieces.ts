import { uint8 } from '../dtype.js';
import { scope } from '../memory.js';
import { aten } from '../ops.js';
import { asStridedOver, storageNbytes } from '../storage.js';
import type { Tensor } from '../tensor.js';

// Storages pass through a block of this size: an ArrayBuffer over the storage itself would end at 4 GiB, could not
// show device memory, and would keep the storage from ever being resized. The copy costs a tenth of the checksum.
const PIECE = 1 << 24;

/** The bytes of the whole storage under a tensor on any device, in order; each piece is valid until the next. */
export function* readStorage(tensor: Tensor): Generator<Uint8Array> {
  const nbytes = storageNbytes(tensor);
  const block = emptyBlock(nbytes);
  const bytes = block.typedArray() as Uint8Array;
  for (let start = 0; start < nbytes; start += PIECE) {
    const size = Math.min(PIECE, nbytes - start);
    scope(() => {
      block.narrow(0, 0, size).copy_(asStridedOver(tensor, uint8, [size], [1], start));
    });
    yield bytes.subarray(0, size);
  }
  block.dispose();
}

/** Fills the storage of a one-dimensional uint8 tensor; `fill` writes a block after the other and yields each. */
export function writeStorage(storage: Tensor, fill: (block: Uint8Array) => Iterable<Uint8Array>): void {
  const block = emptyBlock(storage.numel());
  let start = 0;
  for (const { byteLength } of fill(block.typedArray() as Uint8Array)) {
    scope(() => {
      storage.narrow(0, start, byteLength).copy_(block.narrow(0, 0, byteLength));
    });
    start += byteLength;
  }
  block.dispose();
}

function emptyBlock(nbytes: number): Tensor {
  return aten.empty([Math.min(nbytes, PIECE)], { dtype: uint8 });
}
