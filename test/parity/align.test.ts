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

/** Where MKL computes matrix products. Elsewhere an odd address may do no harm, and this file proves less. */
const sensitive = /MKL/.test(torch.versions().config);

test('an address 4 bytes further changes the bits of a matrix product, here as in PyTorch', async () => {
  const compared = await expectSameBits(align, { offsets: [0, 1, 2, 5, 16, 32] });
  const product = (index: number) => compared.get(`.products[${index}]`);
  expect(product(4)).toBe(product(0));
  expect(product(5)).toBe(product(0));
  if (sensitive) expect(product(1)).not.toBe(product(0));
});

describe('no tensor that is made here begins at such an address', () => {
  torch.manualSeed(0);
  const { weight, input } = weightAndInput();
  const values = input.typedArray() as Float32Array;
  const product = (tensor: torch.Tensor) =>
    flat(torch.nn.functional.linear(tensor.view(input.shape), weight))[0];

  /** The values again, 4 bytes behind an address that is a multiple of 64 (or of 8, where V8 so decides). */
  const shifted = () => {
    const memory = new Float32Array(values.length + 1);
    memory.set(values, 1);
    return memory.subarray(1);
  };

  const lateView = () => torch.cat([torch.zeros([1]), input.flatten()]).narrow(0, 1, values.length);

  test.runIf(sensitive)('what is compared shows one that does', () => {
    expect(product(lateView())).not.toEqual(product(input));
  });

  test.each<[string, () => torch.Tensor]>([
    ['tensor(array)', () => torch.tensor(values)],
    ['tensor(array that begins 4 bytes late)', () => torch.tensor(shifted())],
    ['fromTypedArray(array that begins 4 bytes late)', () => torch.fromTypedArray(shifted())],
    [
      "fromTypedArray(in Node's pool of buffers)",
      () => {
        const pool = Buffer.alloc(values.byteLength + 4);
        Buffer.from(values.buffer, values.byteOffset, values.byteLength).copy(pool, 4);
        return torch.fromTypedArray(new Float32Array(pool.buffer, pool.byteOffset + 4, values.length));
      },
    ],
    ['clone of such a view', () => lateView().clone()],
    [
      'load(file)',
      () => {
        const path = join(folder, 'input.pt');
        torch.save({ odd: torch.tensor([1, 2, 3]), input }, path);
        return torch.load<Map<string, torch.Tensor>>(path).get('input') as torch.Tensor;
      },
    ],
  ])('%s', (_name, make) => {
    expect(product(make())).toEqual(product(input));
  });
});
