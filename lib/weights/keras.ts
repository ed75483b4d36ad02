import type { Tensor } from '../tensor.js';
import type { Family } from './family.js';
import { IMAGENET_299 } from './preprocessing.js';

/** By the channels that they make: Keras numbers the layers of the skips through, with whatever else the model has. */
const SKIPS: Readonly<Record<number, string>> = {
  128: 'entry_block1',
  256: 'entry_block2',
  728: 'entry_block3',
  1024: 'exit_block',
};
const BATCH_NORM = ['weight', 'bias', 'running_mean', 'running_var'];

/** `keras.applications.Xception`. A key is `layer/number`: the tensors of a layer in Keras' own order. */
export const keras: Family = {
  name: 'keras',
  anchor: 'block13_sepconv1/0',
  rename(key, shape) {
    const [, layer = '', digit = ''] = /^(.+)\/(\d+)$/.exec(key) ?? [];
    const number = Number(digit);
    return named(layer, number) ?? skip(layer, number, shape) ?? head(number, shape);
  },
  arrange: (tensor, key) => arrange(tensor, key),
  architecture: { stemPadding: 0, poolPadding: 'same', batchNorm: { eps: 1e-3, momentum: 0.01 } },
  // Pillow's nearest takes the pixel under the middle of each new one.
  preprocessing: { ...IMAGENET_299, interpolation: 'nearest-exact', cropMode: 'squash', cropPct: 1 },
};

function named(layer: string, number: number): string | null {
  const [, block, kind, index, bn] = /^block(\d+)_(conv|sepconv)(\d)(_bn)?$/.exec(layer) ?? [];
  if (!block) return null;
  const [b, i] = [Number(block), Number(index)];
  const tail = bn
    ? BATCH_NORM[number]
    : kind === 'conv'
      ? 'weight'
      : `${number === 0 ? 'dconv' : 'pconv'}.weight`;
  if (b === 1) return `entry_conv${i}.${bn ? 1 : 0}.${tail}`;
  if (b === 14) return `exit_conv${i}.${bn ? 1 : 0}.${tail}`;
  if (b > 4 && b < 13) return `middle_flow.${b - 5}.convs.${3 * i - (bn ? 1 : 2)}.${tail}`;
  return `${b === 13 ? 'exit_block' : `entry_block${b - 1}`}.${bn ? 'bn' : 'sepconv'}${i}.${tail}`;
}

function skip(layer: string, number: number, shape: readonly number[]): string | null {
  const block = SKIPS[shape.at(-1) ?? 0];
  if (block && shape.length === 4 && /^conv/.test(layer)) return `${block}.project.0.weight`;
  return block && shape.length === 1 && /^batch_?norm/.test(layer)
    ? `${block}.project.1.${BATCH_NORM[number]}`
    : null;
}

// `predictions`, or whatever a classifier of one's own is called.
function head(number: number, shape: readonly number[]): string | null {
  if (number === 0 && shape.length === 2 && shape[0] === 2048) return 'fc.weight';
  return number === 1 && shape.length === 1 ? 'fc.bias' : null;
}

// Kernels are height, width, in, out; depthwise ones height, width, channels, 1.
function arrange(tensor: Tensor, key: string): Tensor {
  if (tensor.dim() === 2) return tensor.t().contiguous();
  if (tensor.dim() !== 4) return tensor;
  return tensor.permute(key.endsWith('.dconv.weight') ? [2, 3, 0, 1] : [3, 2, 0, 1]).contiguous();
}
