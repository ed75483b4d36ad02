import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'libtorch-node';
import { afterAll, describe, expect, test } from 'vitest';
import { flat } from './flat.js';
import { align, weightAndInput } from './ours/align.js';
import { expectSameBits } from './parity.js';

const folder = mkdtempSync(join(tmpdir(), 'libtorch-node-align-'));

afterAll(() => rmSync(folder, { recursive: true }));

test('an address 4 bytes further changes the bits of a matrix product, here as in PyTorch', async () => {
  const compared = await expectSameBits(align, { offsets: [0, 1, 2, 5, 16, 32] });
  const product = (index: number) => compared.get(`.products[${index}]`);
  expect(product(4)).toBe(product(0));
  expect(product(5)).toBe(product(0));
  // So on processors with AVX2 or AVX-512; elsewhere it may do no harm, and the rest of this file proves less.
  if (/AVX/.test(torch.versions().config)) expect(product(1)).not.toBe(product(0));
});

describe('no tensor that is made here begins at such an address', () => {
  torch.manualSeed(0);
  const { weight, input } = weightAndInput();
  const values = weight.typedArray() as Float32Array;
  const product = (tensor: torch.Tensor) => flat(torch.nn.functional.linear(input, tensor.view([4, 2048])))[0];

  /** The values again, 4 bytes behind an address that is a multiple of 64 (or of 8, where V8 so decides). */
  const shifted = () => {
    const memory = new Float32Array(values.length + 1);
    memory.set(values, 1);
    return memory.subarray(1);
  };

  test.each<[string, () => torch.Tensor]>([
    ['tensor(array)', () => torch.tensor(values)],
    ['tensor(array that begins 4 bytes late)', () => torch.tensor(shifted())],
    ['fromTypedArray(array that begins 4 bytes late)', () => torch.fromTypedArray(shifted())],
    ["fromTypedArray(in Node's pool of buffers)", () => {
      const pool = Buffer.alloc(values.byteLength + 4);
      Buffer.from(values.buffer, values.byteOffset, values.byteLength).copy(pool, 4);
      return torch.fromTypedArray(new Float32Array(pool.buffer, pool.byteOffset + 4, values.length));
    }],
    ['clone of a view', () => torch.cat([torch.zeros([1]), weight.flatten()]).narrow(0, 1, values.length).clone()],
    ['load(file)', () => {
      const path = join(folder, 'weight.pt');
      torch.save({ odd: torch.tensor([1, 2, 3]), weight }, path);
      return torch.load<Map<string, torch.Tensor>>(path).get('weight') as torch.Tensor;
    }],
  ])('%s', (_name, make) => {
    expect(product(make())).toEqual(product(weight));
  });
});
