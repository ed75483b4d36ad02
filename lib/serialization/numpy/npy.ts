import { crc32 } from '../../crc32.js';
import type { DType } from '../../dtype.js';
import { strided } from '../../layout.js';
import { scope } from '../../memory.js';
import { aten } from '../../operators/ops.js';
import type { Tensor } from '../../tensor.js';
import { TruncatedCheckpointError } from '../errors.js';
import type { FileWriter } from '../file-writer.js';
import { fillStorage } from '../storage-pieces.js';
import { headerOf, readHeader } from './header.js';
import type { SequentialReader } from './sequential-reader.js';

/** Reads one array; its memory keeps the order of the file, as NumPy's does. Throws CheckpointError. */
export function readArray(reader: SequentialReader): Tensor {
  const { dtype, bigEndian, shape, fortranOrder } = readHeader(reader);
  const needed = shape.reduce((product, side) => product * BigInt(side), BigInt(dtype.itemsize));
  if (needed > BigInt(reader.remaining)) {
    throw new TruncatedCheckpointError(
      `its array of shape (${shape.join(', ')}) needs ${needed} bytes and ${reader.remaining} are there; get it again`,
    );
  }
  return scope(() => {
    const tensor = aten.empty(fortranOrder ? [...shape].reverse() : shape, { dtype });
    fillStorage(tensor, (block) => pieces(reader, Number(needed), block, bigEndian ? dtype : null));
    return fortranOrder ? transposed(tensor) : tensor;
  });
}

function* pieces(
  reader: SequentialReader,
  size: number,
  block: Uint8Array,
  swapped: DType | null,
): Generator<Uint8Array> {
  for (let done = 0; done < size; done += block.byteLength) {
    const piece = block.subarray(0, Math.min(block.byteLength, size - done));
    reader.fill(piece);
    if (swapped) swap(piece, swapped);
    yield piece;
  }
}

// A complex number is two numbers. Pieces are whole elements: their size is a multiple of 16.
function swap(piece: Uint8Array, dtype: DType): void {
  const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
  const width = dtype.isComplex ? dtype.itemsize / 2 : dtype.itemsize;
  if (width === 2) bytes.swap16();
  else if (width === 4) bytes.swap32();
  else if (width === 8) bytes.swap64();
}

/** An array as a file: its header, and a tensor whose memory is what follows. */
export interface NpyParts {
  readonly header: Buffer;
  readonly elements: Tensor;
}

/** Throws TypeError for a tensor that NumPy has no array for. Call it in a scope. */
export function partsOf(tensor: Tensor): NpyParts {
  if (tensor.layout !== strided || tensor.device.type === 'meta') {
    const kind = tensor.layout === strided ? 'meta' : `${tensor.layout}`;
    throw new TypeError(`can't convert a ${kind} tensor to NumPy; make it a dense one first`);
  }
  const plain = tensor.detach().cpu().resolveConj().resolveNeg();
  const fortranOrder = !plain.isContiguous() && transposed(plain).isContiguous();
  const header = headerOf(plain.dtype, plain.shape, fortranOrder);
  return { header, elements: fortranOrder ? transposed(plain) : plain.contiguous() };
}

export function sizeOf({ header, elements }: NpyParts): number {
  return header.byteLength + elements.nbytes;
}

/** Answers with the CRC-32 of what it wrote. */
export function writeArray({ header, elements }: NpyParts, file: FileWriter): number {
  file.write(header);
  const begin = elements.storageOffset() * elements.dtype.itemsize;
  return file.writeStorage(elements, begin, elements.nbytes, crc32(header));
}

function transposed(tensor: Tensor): Tensor {
  return tensor.permute(tensor.shape.map((_, dim) => tensor.dim() - 1 - dim));
}
