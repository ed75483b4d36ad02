// Trained weights through our layers: the npm package @vladmandic/face-api ships its network for ages and genders, with
// weights of 8 bits. What its own code (TensorFlow.js, on the CPU) makes of three patterns is written down here.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as torch from 'libtorch-node';
import { expect, test } from 'vitest';

const model = (name: string) =>
  fileURLToPath(new URL(`../../node_modules/@vladmandic/face-api/model/${name}`, import.meta.url));

interface Weight {
  name: string;
  shape: number[];
  quantization?: { scale: number; min: number };
}

/** The tensors of a TensorFlow.js manifest, in TensorFlow's order of dimensions. */
function readTensors(): Map<string, torch.Tensor> {
  const manifest = readFileSync(model('age_gender_model-weights_manifest.json'), 'utf8');
  const [{ weights }] = JSON.parse(manifest) as [{ weights: Weight[] }];
  const bytes = new Uint8Array(readFileSync(model('age_gender_model.bin')));
  let at = 0;
  return new Map(
    weights.map(({ name, shape, quantization }) => {
      const count = shape.reduce((product, side) => product * side, 1);
      const length = quantization ? count : 4 * count;
      const part = bytes.slice(at, at + length);
      at += length;
      const values = quantization
        ? torch.tensor(part).to(torch.float64).mul(quantization.scale).add(quantization.min).to(torch.float32)
        : torch.tensor(new Float32Array(part.buffer));
      return [name, values.view(shape)];
    }),
  );
}

/** `middle_flow/main_block_0/separable_conv1/bias` → `features.middle_flow.0.separable_conv1.1.bias`. */
function ourName(name: string): string {
  if (name.startsWith('fc/')) return name.slice(3).replace('/weights', '.weight').replace('/', '.');
  return `features.${name}`
    .replace('main_block_', '')
    .replace(/(separable_conv\d?)\/bias/, '$1.1.bias')
    .replace('depthwise_filter', '0.weight')
    .replace('pointwise_filter', '1.weight')
    .replace('filters', 'weight')
    .replace(/reduction_block_(\d)/, 'reduction_block$1')
    .replaceAll('/', '.');
}

function ourShape(name: string, tensor: torch.Tensor): torch.Tensor {
  if (name.includes('depthwise')) return tensor.permute([2, 3, 0, 1]);
  if (tensor.dim() === 4) return tensor.permute([3, 2, 0, 1]);
  return tensor.dim() === 2 ? tensor.t() : tensor;
}

/** A deterministic 'photo', [1, 3, 112, 112]. */
function pattern(i: number): torch.Tensor {
  const pixels = new Float32Array(3 * 112 * 112);
  for (let c = 0, at = 0; c < 3; c += 1) {
    for (let y = 0; y < 112; y += 1) {
      for (let x = 0; x < 112; x += 1, at += 1) {
        pixels[at] = (37 * y + 17 * x + 91 * c + 53 * i + ((x * y) >> 3)) % 256;
      }
    }
  }
  return torch.tensor(pixels).view([1, 3, 112, 112]);
}

test('the trained AgeGenderNet gives the ages and genders that face-api gives', () => {
  const net = new torch.models.AgeGenderNet();
  const count = net.parameters().reduce((sum, parameter) => sum + parameter.numel(), 0);
  expect(count).toBe(421_731);
  const state = new Map([...readTensors()].map(([name, tensor]) => [ourName(name), ourShape(name, tensor)]));
  expect(net.loadStateDict(state)).toEqual({ missingKeys: [], unexpectedKeys: [] });
  const said = [0, 1, 2].map((i) => {
    const { age, gender } = torch.noGrad(() => net.eval().forward(pattern(i)));
    return [age.item() as number, gender.select(1, 0).item() as number] as const;
  });
  const expected = [
    [65.988556, 0.871267],
    [60.549683, 0.949722],
    [62.254704, 0.922315],
  ] as const;
  expected.forEach(([age, male], i) => {
    expect(Math.abs((said[i]?.[0] ?? 0) - age)).toBeLessThan(1e-3);
    expect(Math.abs((said[i]?.[1] ?? 0) - male)).toBeLessThan(1e-5);
  });
});

test('TensorFlow’s pooling pads even sides at their end only', () => {
  const pool = new torch.models.TinyXception().entryFlow.reductionBlock0.pool;
  const rows = torch.arange(6, { dtype: torch.float32 }).view([1, 1, 1, 6]);
  expect(pool.forward(rows).tolist()).toEqual([[[[2, 4, 5]]]]);
  expect(pool.forward(rows.narrow(3, 0, 5)).tolist()).toEqual([[[[1, 3, 4]]]]);
});
