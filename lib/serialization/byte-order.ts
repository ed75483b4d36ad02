import type { DType } from '../dtype.js';
import { writeStorage } from '../storage.js';
import type { Tensor } from '../tensor.js';
import { piecesOf } from './storage-pieces.js';

/** Bytes that are turned around together: an element, or half of a complex one. */
export function elementUnit(dtype: DType): number {
  return dtype.isComplex ? dtype.itemsize / 2 : dtype.itemsize;
}

/** Turns every `unit` bytes of the storage under a tensor around; bytes at the end that are fewer stay. */
export function swapBytes(tensor: Tensor, unit: number): void {
  let start = 0;
  for (const piece of piecesOf(tensor)) {
    const whole = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength - (piece.byteLength % unit));
    if (unit === 2) whole.swap16();
    else if (unit === 4) whole.swap32();
    else if (unit === 8) whole.swap64();
    writeStorage(tensor, start, whole);
    start += piece.byteLength;
  }
}
