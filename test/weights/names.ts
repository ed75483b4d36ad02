// A checkpoint with the names of Cadene's Xception, without data.

import * as torch from 'libtorch-node';

type Shapes = [key: string, shape: number[]][];

const batchNorm = (name: string, channels: number): Shapes => [
  ...['weight', 'bias', 'running_mean', 'running_var'].map((key): Shapes[0] => [
    `${name}.${key}`,
    [channels],
  ]),
  [`${name}.num_batches_tracked`, []],
];
const separable = (name: string, from: number, to: number): Shapes => [
  [`${name}.conv1.weight`, [from, 1, 3, 3]],
  [`${name}.pointwise.weight`, [to, from, 1, 1]],
];
const block = (name: string, widths: number[], first: number): Shapes => {
  const [from = 0, to = 0] = [widths[0], widths.at(-1)];
  const skip: Shapes =
    from === to ? [] : [[`${name}.skip.weight`, [to, from, 1, 1]], ...batchNorm(`${name}.skipbn`, to)];
  const rep = widths.slice(1).flatMap((width, i) => {
    const at = first + 3 * i;
    return [
      ...separable(`${name}.rep.${at}`, widths[i] as number, width),
      ...batchNorm(`${name}.rep.${at + 1}`, width),
    ];
  });
  return [...skip, ...rep];
};

const SHAPES: Shapes = [
  ['conv1.weight', [32, 3, 3, 3]],
  ...batchNorm('bn1', 32),
  ['conv2.weight', [64, 32, 3, 3]],
  ...batchNorm('bn2', 64),
  ...block('block1', [64, 128, 128], 0),
  ...block('block2', [128, 256, 256], 1),
  ...block('block3', [256, 728, 728], 1),
  ...[4, 5, 6, 7, 8, 9, 10, 11].flatMap((number) => block(`block${number}`, [728, 728, 728, 728], 1)),
  ...block('block12', [728, 728, 1024], 1),
  ...separable('conv3', 1024, 1536),
  ...batchNorm('bn3', 1536),
  ...separable('conv4', 1536, 2048),
  ...batchNorm('bn4', 2048),
  ['fc.weight', [10, 2048]],
  ['fc.bias', [10]],
];

/** Tensors on the meta device; `prefix` before every key. */
export function cadeneTensors(prefix = ''): Map<string, torch.Tensor> {
  return new Map(SHAPES.map(([key, shape]) => [`${prefix}${key}`, torch.empty(shape, { device: 'meta' })]));
}
