// NumPy's .npy and .npz files; the functions are those of numpy.load, numpy.save and numpy.savez.

import '../../tensor-python.js';

import { TorchError } from '../../errors.js';
import { scope } from '../../memory.js';
import { typeText } from '../../python-text.js';
import { isTensor, type Tensor } from '../../tensor.js';
import { writeAtomically } from '../atomic-file.js';
import { type ByteSource, openFile, overBytes } from '../byte-source.js';
import { partsOf, readArray, writeArray } from './npy.js';
import { namedArrays, readArrays, writeArrays } from './npz.js';
import { SequentialReader } from './sequential-reader.js';

/** Arrays by their names, or a list of them: arr_0, arr_1, ... */
export type Arrays = readonly Tensor[] | ReadonlyMap<string, Tensor> | Readonly<Record<string, Tensor>>;

/**
 * Loads the array of an `.npy` file (`torch.from_numpy(numpy.load(path))`), of format version 1 to 3. Big-endian numbers
 * are turned round; an array in Fortran order keeps its strides. Arrays of Python objects are refused.
 *
 * @param source a path, or the bytes of the file
 * @throws CheckpointError of the kind that fits, naming the file
 */
export function load(source: string | Uint8Array): Tensor {
  return readFrom(source, (file) => readArray(new SequentialReader(file)));
}

/** Loads every array of an `.npz` file, by name. Throws CheckpointError, as {@link load} does. */
export function loadz(source: string | Uint8Array): Map<string, Tensor> {
  return readFrom(source, (file) => scope(() => readArrays(file, readArray)));
}

/**
 * Writes a tensor as NumPy writes the array of it, byte for byte; `.npy` is appended to a path without it. The file
 * replaces an old one only when it is complete.
 *
 * @throws TypeError for a dtype that NumPy lacks, such as bfloat16, and for what is no dense tensor
 * @throws TorchError naming the path when the file cannot be written
 */
export function save(path: string, tensor: Tensor): void {
  if (!isTensor(tensor)) throw new TypeError(`numpy.save takes a path and a tensor, not ${typeText(tensor)}`);
  scope(() => {
    const parts = partsOf(tensor);
    writeAtomically(ending(path, '.npy'), (file) => writeArray(parts, file));
  });
}

/** Writes tensors into one uncompressed `.npz`, which is appended to a path without it. Throws as {@link save} does. */
export function savez(path: string, arrays: Arrays): void {
  scope(() => {
    const parts = namedArrays(arrays).map(([name, tensor]) => {
      if (isTensor(tensor)) return [name, partsOf(tensor)] as const;
      throw new TypeError(`numpy.savez takes tensors; ${JSON.stringify(name)} is ${typeText(tensor)}`);
    });
    writeAtomically(ending(path, '.npz'), (file) => writeArrays(new Map(parts), file));
  });
}

function ending(path: string, wanted: string): string {
  return path.endsWith(wanted) ? path : path + wanted;
}

function readFrom<T>(source: string | Uint8Array, read: (file: ByteSource) => T): T {
  const file = typeof source === 'string' ? openFile(source) : overBytes(source);
  try {
    return read(file);
  } catch (error) {
    const name = typeof source === 'string' ? source : 'the given bytes';
    if (error instanceof TorchError) error.message = `cannot load ${name}: ${error.message}`;
    throw error;
  } finally {
    file.close();
  }
}
