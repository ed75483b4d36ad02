// The HDF5 files that Keras writes: of the weights (`.weights.h5`, Keras 3), of a whole model (`.h5`), and the weights of
// Keras 1 and 2, which have the same groups as a whole model.

import { type Hdf5Array, Hdf5File } from '../serialization/hdf5/hdf5-file.js';
import { CheckpointError, UnsupportedCheckpointError } from '../serialization/index.js';
import type { Tensor } from '../tensor.js';

/** The tensors of a file by `layer/number`, in Keras' order within a layer. Throws CheckpointError naming the file. */
export async function loadKeras(path: string): Promise<Map<string, Tensor>> {
  try {
    const file = await Hdf5File.open(path);
    try {
      return new Map([...arraysOf(file)].map(([key, array]) => [key, array.load()]));
    } finally {
      file.close();
    }
  } catch (error) {
    if (error instanceof CheckpointError) error.message = `cannot load ${path}: ${error.message}`;
    throw error;
  }
}

function arraysOf(file: Hdf5File): Map<string, Hdf5Array> {
  const root = file.children('/').includes('model_weights') ? '/model_weights' : '/';
  if (isNames(file.attribute(root, 'layer_names'))) return fromLayerNames(file, root);
  if (file.children('/layers').length > 0) return fromVars(file);
  throw new UnsupportedCheckpointError(
    "it is not a file that Keras wrote: model.save_weights('x.weights.h5') and model.save('x.h5') are",
  );
}

// layer_names and, for each layer, weight_names: `block1_conv1/kernel:0`.
function fromLayerNames(file: Hdf5File, root: string): Map<string, Hdf5Array> {
  const arrays = new Map<string, Hdf5Array>();
  const parent = root === '/' ? '' : root;
  const counts = new Map<string, number>();
  for (const group of names(file.attribute(root, 'layer_names'))) {
    for (const weight of names(file.attribute(`${parent}/${group}`, 'weight_names'))) {
      const array = file.array(`${parent}/${group}/${weight}`);
      if (!array) continue;
      // A model inside of a model is one group; then the layer is in the name of the weight.
      const layer = weight.split('/').at(-2) ?? group;
      const number = counts.get(layer) ?? 0;
      counts.set(layer, number + 1);
      arrays.set(`${layer}/${number}`, array);
    }
  }
  return arrays;
}

// layers/separable_conv2d_3/vars/0, with the layer's own name in an attribute of `vars`.
function fromVars(file: Hdf5File): Map<string, Hdf5Array> {
  const arrays = new Map<string, Hdf5Array>();
  for (const array of file.arrays('/layers')) {
    const vars = array.path.slice(0, array.path.lastIndexOf('/'));
    const name = file.attribute(vars, 'name');
    if (typeof name !== 'string') {
      throw new UnsupportedCheckpointError(
        "it was written by a Keras 3 that kept no names of layers; save it again with model.save('x.h5')",
      );
    }
    arrays.set(`${name}/${array.path.slice(vars.length + 1)}`, array);
  }
  return arrays;
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
}

// An empty list of names is an empty list of numbers in HDF5.
function names(value: unknown): string[] {
  return isNames(value) ? value : [];
}
