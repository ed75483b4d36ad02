import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import * as torch from 'libtorch-node';
import { afterAll, expect, it } from 'vitest';

import { VALUES } from './values.js';

const { load, save } = torch;
const folder = mkdtempSync(join(tmpdir(), 'save-'));
afterAll(() => rmSync(folder, { recursive: true }));

function golden(name: string): string {
  return new URL(`./golden/${name}.pt`, import.meta.url).pathname;
}

/**
 * A file without the one thing that is ours: of the 40 digits of the fingerprint the first 20, and the two checksums
 * of that record.
 */
function comparable(path: string): Buffer {
  const bytes = readFileSync(path);
  const digits = bytes.lastIndexOf('PK\x07\x08') - 40;
  const id = bytes.subarray(digits, digits + 40);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32LE(crc32(id));
  for (let at = bytes.indexOf(checksum); at >= 0; at = bytes.indexOf(checksum, at)) bytes.fill(0, at, at + 4);
  id.fill(0, 0, 20);
  return bytes;
}

it.each(Object.keys(VALUES))("%s: the file is Python's, byte for byte", (name) => {
  const path = join(folder, `${name}.pt`);
  save(VALUES[name]?.(), path);
  expect(comparable(path).equals(comparable(golden(name)))).toBe(true);
});

// Integral floats come back as numbers and are ints when they are saved again.
it.each(Object.keys(VALUES).filter((name) => name !== 'scalars'))(
  "%s: Python's file loads, and saves as it was",
  (name) => {
    const path = join(folder, `${name}.pt`);
    save(load(golden(name)), path);
    expect(comparable(path).equals(comparable(golden(name)))).toBe(true);
  },
);

it('gives Python values their counterparts', () => {
  const scalars = load<Map<string, unknown>>(golden('scalars'));
  expect(scalars.get('float')).toBe(1);
  expect(scalars.get('2^70')).toBe(1n << 70n);
  expect(scalars.get('-0')).toBe(-0);
  expect(scalars.get('surrogate')).toBe('a\ud800b');
  const containers = load<Map<string, unknown>>(golden('containers'));
  expect(containers.get('(3)')).toBeInstanceOf(torch.serialization.Tuple);
  expect(containers.get('[1,2]')).not.toBeInstanceOf(torch.serialization.Tuple);
  expect(containers.get('set')).toEqual(new Set([1, 2]));
  expect([...(containers.get('keys') as Map<unknown, unknown>).keys()].slice(0, 4)).toEqual([
    1,
    '1',
    null,
    1.5,
  ]);
  expect(load<Map<string, unknown>>(golden('objects')).get('other')).toBe(torch.bfloat16);
});

it('keeps storages shared, and parameters parameters', () => {
  const shared = load<Map<string, torch.Tensor>>(golden('shared'));
  expect(shared.get('same')).toBe(shared.get('a'));
  shared.get('part')?.fill_(-1);
  expect(shared.get('turned')?.t().tolist()).toEqual([
    [0, 1, 2, -1, -1],
    [-1, -1, 7, 8, 9],
  ]);
  const parameters = load<Map<string, torch.Tensor>>(golden('parameters'));
  expect(parameters.get('p')).toBeInstanceOf(torch.nn.Parameter);
  expect(parameters.get('frozen')?.requiresGrad).toBe(false);
  expect(parameters.get('leaf')?.requiresGrad).toBe(true);
  expect(parameters.get('conjugate')?.isConj()).toBe(true);
});

it('carries the metadata of a state dict', () => {
  const state = load<torch.OrderedDict<string, torch.Tensor>>(golden('state_dict'));
  expect(state).toBeInstanceOf(torch.OrderedDict);
  expect([...state.keys()]).toEqual(['weight', 'bias', 'bn.num_batches_tracked']);
  expect(state.metadata?.get('bn')).toEqual(new Map([['version', 2]]));
});
