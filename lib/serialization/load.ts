import { TorchError } from '../errors.js';
import { type Names, requireNames } from '../options.js';
import { releaseMapping } from '../storage.js';
import { requireSavedValue } from './archive-kind.js';
import { type ByteSource, openFile, overBytes } from './byte-source.js';
import { LimitExceededError, UnsupportedCheckpointError } from './errors.js';
import { fileKind } from './file-kind.js';
import { openLegacyStream } from './legacy-stream.js';
import { readLegacyTar } from './legacy-tar.js';
import { LONGEST_PICKLE } from './limits.js';
import { locate, type MapLocation } from './map-location.js';
import { findGlobal, findOrKeepGlobal } from './pickle-globals.js';
import { PickleReader } from './pickle-reader.js';
import { loadFile } from './safetensors/index.js';
import { StorageLoader, type StorageSource } from './storage-loader.js';
import { ZipReader } from './zip-reader.js';
import { ZipStorages } from './zip-storages.js';

export interface LoadOptions {
  /** Where tensors go. Default: the device that each was saved from. `meta` reads no data at all. */
  mapLocation?: MapLocation | null;
  /**
   * Maps the file instead of reading it: storages that are stored uncompressed at a multiple of 64 bytes lie over the
   * file, the rest is copied. What is written to them stays in this process; their checksums are not compared. Where
   * the file is cut meanwhile, the missing part reads as zeros. Needs a path, and a file of PyTorch 1.6 or later.
   */
  mmap?: boolean;
  /**
   * Makes records (UnknownObject, UnknownGlobal) of classes and functions that are not on the list of what can be
   * loaded, so that the tensors inside them can be reached: whole modules, argparse.Namespace. Nothing is executed.
   */
  keepUnknown?: boolean;
  /** Always true: nothing in a file is ever executed. */
  weightsOnly?: true;
}

const loadNames: Names<LoadOptions> = { mapLocation: true, mmap: true, keepUnknown: true, weightsOnly: true };

/**
 * Reads what {@link save} or PyTorch's `torch.save` wrote, of any version since 0.1. Nothing in the file is executed:
 * what is not a tensor, a number, a string or a container is refused by its name.
 *
 * A dict becomes a Map, an OrderedDict an {@link OrderedDict} with its metadata, a tuple a {@link Tuple}, an int beyond
 * 2^53 a BigInt, a NumPy array a tensor. A float comes back as a number; where it is integral, saving the same container
 * makes a float of it again. Tensors that shared a storage share it again; `attributesOf` has what Python set on them.
 * A path that ends in `.safetensors` is read as such.
 *
 * @param source a path, or the bytes of the file
 * @throws CheckpointError of the kind that fits, naming the file
 */
export function load<T = unknown>(source: string | Uint8Array, options: LoadOptions = {}): T {
  checkOptions(source, options);
  if (typeof source === 'string' && source.endsWith('.safetensors')) {
    return loadFile(source, { device: locate(options.mapLocation ?? null, 'cpu') }) as T;
  }
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

function checkOptions(source: unknown, options: LoadOptions): void {
  requireNames(load, options, loadNames);
  if (typeof source !== 'string' && !(source instanceof Uint8Array)) {
    throw new TypeError('load takes a path, or the bytes of a file as a Uint8Array');
  }
  if (options.mmap === true && typeof source !== 'string') throw new TypeError('load: mmap needs a path');
  if ((options.weightsOnly ?? true) !== true) {
    throw new TypeError(
      'load: weightsOnly can only be true, nothing in a file is ever executed here. { keepUnknown: true } makes ' +
        'records of the objects that Python would make, so that their tensors can be reached',
    );
  }
}

function read(file: ByteSource, options: LoadOptions): unknown {
  const kind = fileKind(file);
  if (kind === 'zip') return readZip(file, options);
  if (options.mmap === true) {
    throw new UnsupportedCheckpointError(
      'mmap can only be used with files saved with `torch.save(..., _use_new_zipfile_serialization=True)`; ' +
        'this one is older, load it without mmap',
    );
  }
  if (kind === 'tar') return readLegacyTar(file, options.mapLocation ?? null);
  const { pickle, storages } = openLegacyStream(file);
  return readValue(pickle, storages, options);
}

function readZip(file: ByteSource, options: LoadOptions): unknown {
  const zip = new ZipReader(file);
  requireSavedValue(zip);
  requireKnownVersion(zip);
  const mapping = options.mmap === true ? file.map() : null;
  try {
    return readValue(pickleOf(zip), new ZipStorages(zip, mapping), options);
  } finally {
    if (mapping) releaseMapping(mapping);
  }
}

function readValue(
  pickle: Uint8Array,
  source: StorageSource,
  { mapLocation = null, keepUnknown = false }: LoadOptions,
): unknown {
  const storages = new StorageLoader(source, mapLocation);
  const find = keepUnknown ? findOrKeepGlobal : findGlobal;
  try {
    const value = new PickleReader(pickle, (id) => storages.load(id), find).read();
    storages.keepMentioned();
    return value;
  } finally {
    storages.dispose();
  }
}

function pickleOf(zip: ZipReader): Uint8Array {
  const size = zip.sizeOf('data.pkl');
  if (size <= LONGEST_PICKLE) return zip.read('data.pkl');
  throw new LimitExceededError(`its pickle has ${size} bytes, and ${LONGEST_PICKLE} are allowed`);
}

// libtorch reads 1 to 10 and has written 3 since version 1.6; some old writers put it into a folder of its own.
function requireKnownVersion(zip: ZipReader): void {
  const record = zip.has('.data/version') ? '.data/version' : 'version';
  const version = Buffer.from(zip.read(record)).toString('latin1', 0, 16).trim();
  if (/^([1-9]|10)$/.test(version)) return;
  throw new UnsupportedCheckpointError(`it is of version ${JSON.stringify(version)}; 1 to 10 can be read`);
}
