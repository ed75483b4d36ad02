import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import * as torch from 'libtorch-node';
import { expect, it } from 'vitest';

import { build, type Spec } from './golden.js';

const { vision } = torch;

const file = new URL('./golden/printed.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: { transform: Spec; text: string }[] };

it('prints every transform as torchvision does', () => {
  const printed = cases.map(({ transform }) => `${build(transform)}`);
  expect(printed).toEqual(cases.map(({ text }) => text));
  expect(inspect(build(['RandomCrop', 4]))).toBe(`${build(['RandomCrop', 4])}`);
});

it('knows every transform there is', () => {
  const kinds = Object.entries(vision)
    .filter(([, made]) => typeof made === 'function' && made.prototype instanceof torch.nn.Module)
    .map(([name]) => name);
  const needTensorsOrFunctions = ['Lambda', 'LinearTransformation', 'Transform'];
  const known = new Set(JSON.stringify(cases).match(/\w+/g));
  expect(kinds.filter((name) => !known.has(name)).sort()).toEqual(needTensorsOrFunctions);
});

it('names functions', () => {
  const half = (image: torch.Tensor) => image.div(2);
  const both = new vision.Compose([half, new vision.Lambda((image) => image)]);
  expect(`${both}`).toBe("Compose(\n      <function half>\n      Lambda(<lambda>, types=['object'])\n)");
  expect(`${new vision.RandomOrder([half])}`).toBe('RandomOrder(transforms=[<function half>])');
  const matrix = torch.eye(4);
  expect(`${new vision.LinearTransformation(matrix, torch.zeros([4]))}`).toBe('LinearTransformation()');
});
