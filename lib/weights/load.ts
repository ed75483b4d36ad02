import { TorchError } from '../errors.js';
import { Xception } from '../models/index.js';
import { requireNames } from '../options.js';
import { openFile, readBytes } from '../serialization/byte-source.js';
import { isHdf5 } from '../serialization/hdf5/hdf5-file.js';
import { UnsupportedCheckpointError } from '../serialization/index.js';
import { type ConvertOptions, convertNames, convertXception, type XceptionWeights } from './convert.js';
import { loadKeras } from './keras-file.js';
import { readWeightsFile, type WeightsFile, type WeightsFileOptions } from './weights-file.js';

/**
 * Loads the weights of an Xception that PyTorch (`.pt`, `.pth`), safetensors or Keras (`.h5`) wrote, in the names of
 * Cadene, timm, tstandley, pytorchcv, FaceForensics, Keras or ourselves; where they lie in a checkpoint is found.
 *
 * @throws ValueError naming the file when it is another network
 * @throws CheckpointError when it cannot be read
 */
export async function loadXception(
  path: string,
  options: ConvertOptions & WeightsFileOptions = {},
): Promise<XceptionWeights> {
  requireNames(loadXception, options, { ...convertNames, keepUnknown: true });
  const { keepUnknown, ...converting } = options;
  const { tensors, carried } = await read(path, { keepUnknown });
  try {
    return convertXception(tensors, converting, carried);
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

async function read(path: string, options: WeightsFileOptions): Promise<WeightsFile> {
  if (path.endsWith('.keras')) {
    throw new UnsupportedCheckpointError(
      `cannot load ${path}: it is a Keras archive; save its weights alone: model.save_weights('x.weights.h5')`,
    );
  }
  return startsAsHdf5(path)
    ? { tensors: await loadKeras(path), carried: null }
    : readWeightsFile(path, options);
}

function startsAsHdf5(path: string): boolean {
  const file = openFile(path);
  try {
    return isHdf5(readBytes(file, 0, Math.min(file.size, 8)));
  } finally {
    file.close();
  }
}
