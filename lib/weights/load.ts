import { TorchError } from '../errors.js';
import { Xception } from '../models/index.js';
import { openFile, readBytes } from '../serialization/byte-source.js';
import { isHdf5 } from '../serialization/hdf5/hdf5-file.js';
import { load, UnsupportedCheckpointError } from '../serialization/index.js';
import { leavesOf } from '../serialization/leaves.js';
import { loadFile, safeOpen } from '../serialization/safetensors/index.js';
import type { Tensor } from '../tensor.js';
import { CARRIED, type Carried, carriedIn, carriedOf } from './carried.js';
import { type ConvertOptions, convertXception, type XceptionWeights } from './convert.js';
import { loadKeras } from './keras-file.js';

/**
 * Loads the weights of an Xception that PyTorch (`.pt`, `.pth`), safetensors or Keras (`.h5`) wrote, in the names of
 * Cadene, timm, tstandley, pytorchcv, FaceForensics, Keras or ourselves; where they lie in a checkpoint is found.
 *
 * @throws ValueError naming the file when it is another network
 * @throws CheckpointError when it cannot be read
 */
export async function loadXception(path: string, options: ConvertOptions = {}): Promise<XceptionWeights> {
  const { tensors, carried } = await read(path);
  try {
    return convertXception(tensors, options, carried);
  } catch (error) {
    if (error instanceof TorchError) error.message = `cannot use ${path}: ${error.message}`;
    throw error;
  }
}

/**
 * An Xception as the weights want it, with them in it; without a classifier in the weights, its own has 1,000 classes.
 * The network draws its first parameters as `new Xception()` does.
 */
export function xceptionWith(weights: XceptionWeights): Xception {
  const { state, architecture, inChannels, numClasses } = weights;
  // 'default' draws less than half the random numbers of 'kaiming'; all are overwritten.
  const model = new Xception({
    ...architecture,
    inChannels,
    numClasses: numClasses ?? 1000,
    init: 'default',
  });
  model.loadStateDict(state, { strict: numClasses !== null });
  return model;
}

interface Contents {
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly carried: Carried | null;
}

async function read(path: string): Promise<Contents> {
  if (path.endsWith('.keras')) {
    throw new UnsupportedCheckpointError(
      `cannot load ${path}: it is a Keras archive; save its weights alone: model.save_weights('x.weights.h5')`,
    );
  }
  if (startsAsHdf5(path)) return { tensors: await loadKeras(path), carried: null };
  if (/\.safetensors(\.index\.json)?$/.test(path)) return readSafetensors(path);
  const value = load(path, { mapLocation: 'cpu' });
  return { tensors: leavesOf(value).tensors, carried: carriedIn(value) };
}

function startsAsHdf5(path: string): boolean {
  const file = openFile(path);
  try {
    return isHdf5(readBytes(file, 0, Math.min(file.size, 8)));
  } finally {
    file.close();
  }
}

function readSafetensors(path: string): Contents {
  const record = path.endsWith('.json') ? undefined : safetensorsMetadata(path)?.get(CARRIED);
  return { tensors: loadFile(path), carried: record === undefined ? null : carriedOf(parsed(record)) };
}

function safetensorsMetadata(path: string): ReadonlyMap<string, string> | null {
  const file = safeOpen(path);
  try {
    return file.metadata();
  } finally {
    file.close();
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
