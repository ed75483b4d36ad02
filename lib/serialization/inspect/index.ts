import { TorchError } from '../../errors.js';
import { type ByteSource, openFile, readBytes } from '../byte-source.js';
import { Hdf5File, isHdf5 } from '../hdf5/hdf5-file.js';
import { readHeader } from '../numpy/header.js';
import { readArrays } from '../numpy/npz.js';
import { SequentialReader } from '../numpy/sequential-reader.js';
import { safeOpen } from '../safetensors/index.js';
import { type FileSummary, type TensorSummary, unshared } from './summary.js';
import { inspectTorch } from './torch-file.js';

export type { FileSummary, TensorSummary } from './summary.js';

/**
 * Lists what a file of tensors holds without loading them: names, shapes, dtypes, sizes, what shares memory. It reads
 * the metadata only, so a file may be larger than the memory. Knows `torch.save`'s files, safetensors, `.npy`, `.npz`
 * and HDF5. Objects of classes that cannot be loaded are listed by what they hold; nothing is executed.
 *
 * @throws CheckpointError of the kind that fits, naming the file
 */
export async function inspect(path: string): Promise<FileSummary> {
  const start = startOf(path);
  if (isHdf5(start)) return named(path, () => inspectHdf5(path));
  if (path.endsWith('.safetensors')) return inspectSafetensors(path);
  if (path.endsWith('.npz')) return named(path, () => withFile(path, inspectArchive));
  if (start.toString('latin1', 0, 6) === '\x93NUMPY') return named(path, () => withFile(path, inspectArray));
  return inspectTorch(path, start.toString('latin1', 0, 2) === 'PK');
}

function startOf(path: string): Buffer {
  return withFile(path, (file) => readBytes(file, 0, Math.min(file.size, 8)));
}

function withFile<T>(path: string, read: (file: ByteSource) => T): T {
  const file = openFile(path);
  try {
    return read(file);
  } finally {
    file.close();
  }
}

async function named<T>(path: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof TorchError) error.message = `cannot load ${path}: ${error.message}`;
    throw error;
  }
}

async function inspectHdf5(path: string): Promise<FileSummary> {
  const file = await Hdf5File.open(path);
  try {
    const tensors = file
      .arrays()
      .map(({ path: name, shape, dtype, nbytes }) => ({ name: name.slice(1), shape, dtype, nbytes }));
    return unshared('HDF5', tensors);
  } finally {
    file.close();
  }
}

function inspectSafetensors(path: string): FileSummary {
  const file = safeOpen(path);
  try {
    const tensors = file.keys().map((name): TensorSummary => {
      const { shape, dtype, begin, end } = file.place(name);
      return { name, shape, dtype: dtype.name, nbytes: end - begin };
    });
    return unshared('safetensors', tensors, file.metadata() ?? new Map());
  } finally {
    file.close();
  }
}

function inspectArray(file: ByteSource): FileSummary {
  return unshared('NumPy', [{ name: 'array', ...arraySummary(new SequentialReader(file)) }]);
}

function inspectArchive(file: ByteSource): FileSummary {
  const arrays = [...readArrays(file, arraySummary)];
  return unshared(
    'NumPy',
    arrays.map(([name, summary]) => ({ name, ...summary })),
  );
}

function arraySummary(reader: SequentialReader): Omit<TensorSummary, 'name'> {
  const { shape, dtype } = readHeader(reader);
  const nbytes = shape.reduce((product, side) => product * side, dtype.itemsize);
  return { shape, dtype: dtype.name, nbytes };
}
