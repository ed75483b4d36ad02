/** The classifier's input. */
export const FEATURES = 2048;

/**
 * The keys of Xception's state dict with the shapes of their tensors, in PyTorch's order.
 *
 * @param classes null: without the classifier
 */
export function layoutOf(channels: number, classes: number | null): Map<string, number[]> {
  return new Map([
    ...convolution('entry_conv1', [['weight', [32, channels, 3, 3]]], 32),
    ...convolution('entry_conv2', [['weight', [64, 32, 3, 3]]], 64),
    ...pooling('entry_block1', 64, 128, 128),
    ...pooling('entry_block2', 128, 256, 256),
    ...pooling('entry_block3', 256, 728, 728),
    ...Array.from({ length: 8 }, (_, i) => middle(`middle_flow.${i}.convs`)).flat(),
    ...pooling('exit_block', 728, 728, 1024),
    ...convolution('exit_conv1', separable(1024, 1536), 1536),
    ...convolution('exit_conv2', separable(1536, FEATURES), FEATURES),
    ...(classes === null
      ? []
      : under('fc', [
          ['weight', [classes, FEATURES]],
          ['bias', [classes]],
        ])),
  ]);
}

type Entry = [key: string, shape: number[]];

function under(path: string | number, entries: readonly Entry[]): Entry[] {
  return entries.map(([key, shape]) => [`${path}.${key}`, shape]);
}

function separable(from: number, to: number): Entry[] {
  return [
    ['dconv.weight', [from, 1, 3, 3]],
    ['pconv.weight', [to, from, 1, 1]],
  ];
}

function batchNorm(channels: number): Entry[] {
  const each = ['weight', 'bias', 'running_mean', 'running_var'].map((key): Entry => [key, [channels]]);
  return [...each, ['num_batches_tracked', []]];
}

function convolution(name: string, conv: Entry[], channels: number): Entry[] {
  return under(name, [...under(0, conv), ...under(1, batchNorm(channels))]);
}

function pooling(name: string, from: number, between: number, to: number): Entry[] {
  const project = [...under(0, [['weight', [to, from, 1, 1]]]), ...under(1, batchNorm(to))];
  return under(name, [
    ...under('project', project),
    ...under('sepconv1', separable(from, between)),
    ...under('bn1', batchNorm(between)),
    ...under('sepconv2', separable(between, to)),
    ...under('bn2', batchNorm(to)),
  ]);
}

function middle(name: string): Entry[] {
  const unit = (i: number) => [...under(3 * i + 1, separable(728, 728)), ...under(3 * i + 2, batchNorm(728))];
  return under(name, [0, 1, 2].flatMap(unit));
}
