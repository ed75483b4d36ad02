// npm run test:torchvision: trainings beside torchvision's networks, in the Python that the addon is linked with, or
// in the one that LIBTORCH_NODE_TORCHVISION names.

import * as torch from 'libtorch-node';
import { models, type nn } from 'libtorch-node';
import { expect, test } from 'vitest';
import { interpreter } from '../live-python.js';

const python = process.env.LIBTORCH_NODE_TORCHVISION ?? interpreter();
const camel = (name: string) => name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

// Inception's second classifier sees nothing below 299 pixels.
test.each([
  ['resnet18', 64],
  ['resnet50', 64],
  ['mobilenet_v2', 64],
  ['efficientnet_b0', 64],
  ['efficientnet_b5', 64],
  ['inception_v3', 299],
])('%s trains to the same bits', async (name, size) => {
  const {
    equal,
    differences,
    reasons,
    tensors,
    torch: versions,
  } = await torch.parity.parity({
    model: Reflect.get(models, camel(name)) as () => nn.Module,
    reference: `torchvision.models:${name}`,
    ...{ python, threads: 2, steps: 1, batch: 2, input: [3, size, size] },
  });
  console.log(`${name}: ${tensors} tensors, torch ${versions.python}, here ${versions.here}`);
  expect({ equal, differences, reasons }).toEqual({ equal: true, differences: [], reasons: [] });
});
