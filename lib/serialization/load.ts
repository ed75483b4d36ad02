import type { DeviceLike } from '../device.js';
import { TorchError } from '../errors.js';
import { releaseMapping } from '../storage.js';
import { type ByteSource, openFile, overBytes } from './byte-source.js';
import { UnsupportedCheckpointError } from './errors.js';
import { requireArchive } from './file-kind.js';
import { PickleReader } from './pickle-reader.js';
import { StorageLoader } from './storage-loader.js';
import { ZipReader } from './zip-reader.js';

export interface LoadOptions {
  /** Loads every tensor to this device. Default: the device it was saved from. */
  mapLocation?: DeviceLike | null;
  /**
   * Maps the file instead of reading it: storages that are stored uncompressed at a multiple of 64 bytes lie over the
   * file, the rest is copied. What is written to them stays in this process; their checksums are not compared. Where
   * the file is cut meanwhile, the missing part reads as zeros. Needs a path.
   */
  mmap?: boolean;
}

/**
 * Reads what {@link save} or PyTorch's `torch.save` wrote (the ZIP format, PyTorch 1.6 and later). Nothing in the file
 * is executed: what is not a tensor, a number, a string or a container is refused by its name.
 *
 * A dict becomes a Map, an OrderedDict an {@link OrderedDict} with its metadata, a tuple a {@link Tuple}, an int beyond
 * 2^53 a BigInt. A float comes back as a number, so an integral one is an int when it is saved again, unless it is
 * wrapped in `torch.float`. Tensors that shared a storage share it again.
 *
 * @param source a path, or the bytes of the file
 * @throws CheckpointError of the kind that fits, naming the file
 */
export function load<T = unknown>(source: string | Uint8Array, options: LoadOptions = {}): T {
  if (options.mmap === true && typeof source !== 'string') throw new TypeError('load: mmap needs a path');
  const file = typeof source === 'string' ? openFile(source) : overBytes(source);
  try {
    return read(file, options) as T;
  } catch (error) {
    const name = typeof source === 'string' ? source : 'the given bytes';
    if (error instanceof TorchError) error.message = `cannot load ${name}: ${error.message}`;
    throw error;
  } finally {
    file.close();
  }
}

function read(file: ByteSource, { mapLocation = null, mmap = false }: LoadOptions): unknown {
  requireArchive(file);
  const zip = new ZipReader(file);
  requireKnownVersion(zip);
  if (zip.has('constants.pkl')) {
    throw new UnsupportedCheckpointError('it is a TorchScript archive, which holds code');
  }
  const mapping = mmap ? file.map() : null;
  const storages = new StorageLoader(zip, mapLocation, mapping);
  try {
    return new PickleReader(zip.read('data.pkl'), (id) => storages.load(id)).read();
  } finally {
    storages.dispose();
    if (mapping) releaseMapping(mapping);
  }
}

// libtorch reads 1 to 10 and has written 3 since version 1.6; some old writers put it into a folder of its own.
function requireKnownVersion(zip: ZipReader): void {
  const version = Buffer.from(zip.read(zip.has('.data/version') ? '.data/version' : 'version'))
    .toString()
    .trim();
  if (/^([1-9]|10)$/.test(version)) return;
  throw new UnsupportedCheckpointError(`it is of version ${JSON.stringify(version)}; 1 to 10 can be read`);
}
