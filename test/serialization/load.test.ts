import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import * as torch from 'libtorch-node';
import { afterAll, describe, expect, it } from 'vitest';

import { archive, type TensorFields, tensorPickle } from './archive.js';

const { load, save, serialization } = torch;
const folder = mkdtempSync(join(tmpdir(), 'load-'));
afterAll(() => rmSync(folder, { recursive: true }));

const path = join(folder, 'x.pt');
save({ weight: torch.arange(100), name: 'w' }, path);
const good = readFileSync(path);

function failure(bytes: Uint8Array): Error {
  try {
    load(bytes);
  } catch (error) {
    return error as Error;
  }
  throw new Error('it loaded');
}

it('reads a path and bytes alike', () => {
  const fromBytes = load<Map<string, unknown>>(new Uint8Array(good));
  expect(torch.equal(fromBytes.get('weight') as torch.Tensor, torch.arange(100))).toBe(true);
  expect(load<Map<string, unknown>>(path).get('name')).toBe('w');
});

it('gives tensors to the scope that it is called in', () => {
  const before = torch.liveTensors();
  const kept = torch.scope(() => {
    load(path);
    return load<Map<string, torch.Tensor>>(path).get('weight') as torch.Tensor;
  });
  expect(torch.liveTensors()).toBeLessThanOrEqual(before + 1); // less, if garbage was collected meanwhile
  expect(kept.numel()).toBe(100);
  kept.dispose();
});

it('loads to a device of choice', () => {
  const cuda = archive({ 'data.pkl': tensorPickle({ location: 'cuda:0' }), 'data/0': Buffer.alloc(16) });
  expect(load<torch.Tensor>(cuda, { mapLocation: 'cpu' }).tolist()).toEqual([0, 0, 0, 0]);
  if (torch.cuda.isAvailable()) return;
  expect(failure(cuda).message).toMatch(
    /Attempting to deserialize object on device cuda:0.*mapLocation: 'cpu'/,
  );
});

describe('a damaged file', () => {
  it.each([0.1, 0.5, 0.9, 0.999])('cut off after %d of it', (part) => {
    const file = join(folder, 'cut.pt');
    writeFileSync(file, good.subarray(0, Math.floor(part * good.length)));
    expect(() => load(file)).toThrow(serialization.TruncatedCheckpointError);
    expect(() => load(file)).toThrow(/cannot load .*cut.pt: the end of the archive is missing/);
  });

  it('with one wrong bit in the data', () => {
    const bytes = Buffer.from(good);
    const data = bytes.indexOf('data/0FB') + 128;
    bytes[data] = (bytes[data] as number) ^ 1;
    const error = failure(bytes);
    expect(error).toBeInstanceOf(serialization.CorruptArchiveError);
    expect(error.message).toMatch(/record x\/data\/0 is damaged: its checksum is wrong/);
  });

  it('never crashes, whatever byte is changed', () => {
    let random = 1;
    for (let round = 0; round < 2000; round += 1) {
      random = (random * 48271) % 2147483647;
      const bytes = Buffer.from(good);
      bytes[random % bytes.length] = random >> 16;
      try {
        load(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(serialization.CheckpointError);
      }
    }
  });
});

it.each([
  ['', 'NotACheckpointError', 'the file is empty'],
  ['<!DOCTYPE html>', 'NotACheckpointError', 'it is a web page'],
  ['version https://git-lfs.github.com/spec/v1', 'NotACheckpointError', 'git lfs pull'],
  ['\x1f\x8b\x08', 'NotACheckpointError', 'gzip'],
  ['GGUF\x03', 'NotACheckpointError', 'GGUF'],
  ['\x93NUMPY\x01', 'NotACheckpointError', 'NumPy'],
  ['\x10\0\0\0\0\0\0\0{"a":{}}', 'NotACheckpointError', 'safetensors'],
  ['hello', 'NotACheckpointError', 'not a file that torch.save wrote'],
  ['\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.', 'TruncatedCheckpointError', 'in the middle'],
  ['\x80\x02}q\x00.', 'NotACheckpointError', 'bare pickle'],
  ['\x89HDF\r\n', 'NotACheckpointError', 'HDF5'],
])('says what %j is', (text, kind, message) => {
  const error = failure(Buffer.from(text, 'latin1'));
  expect([error.name, error.message]).toEqual([kind, expect.stringContaining(message)]);
  expect(error.message).toMatch(/^cannot load the given bytes: /);
});

it('maps a file: writes stay here, and a file that becomes shorter reads as zeros', () => {
  const file = join(folder, 'mapped.pt');
  save({ a: torch.ones([3_000_000]) }, file);
  const mapped = load<Map<string, torch.Tensor>>(file, { mmap: true }).get('a') as torch.Tensor;
  expect(torch.equal(mapped, torch.ones([3_000_000]))).toBe(true);
  mapped.narrow(0, 0, 1).fill_(7);
  expect(load<Map<string, torch.Tensor>>(file).get('a')?.narrow(0, 0, 1).item()).toBe(1);
  truncateSync(file, 4096);
  expect(mapped.narrow(0, 2_999_999, 1).item()).toBe(0);
  expect(() => load(good, { mmap: true })).toThrow(/mmap needs a path/);
});

it('names a file that is not there', () => {
  expect(() => load(join(folder, 'none.pt'))).toThrow(/cannot load .*none.pt: ENOENT/);
  expect(() => load(folder)).toThrow(/it is not a file/);
});

describe('an archive that another program packed', () => {
  const data = Buffer.from(Float32Array.of(1, 2, 3, 4).buffer);
  const records = { 'data.pkl': tensorPickle(), 'data/0': data };

  it('loads with any root, without alignment, checksum or byte order, and with more records', () => {
    for (const bytes of [
      archive(records, { root: 'another root' }),
      archive({ ...records, 'notes.txt': Buffer.from('hi') }, { crc: () => 0 }),
    ]) {
      expect(load<torch.Tensor>(bytes).tolist()).toEqual([1, 2, 3, 4]);
    }
  });

  it('loads compressed', () => {
    const packed = archive(records, { deflate: (bytes) => deflateRawSync(bytes) });
    expect(load<torch.Tensor>(packed).tolist()).toEqual([1, 2, 3, 4]);
    const broken = archive(records, { deflate: () => Buffer.from('not deflate') });
    expect(failure(broken).message).toMatch(/does not unpack/);
  });

  it.each<[string, Uint8Array, string]>([
    ['a record twice', archive([...Object.entries(records), ['data/0', data]]), 'data/0 is there twice'],
    ['no data.pkl', archive({ 'data/0': data }), 'it holds no data.pkl, but data/0'],
    ['no storage', archive({ 'data.pkl': tensorPickle() }), 'record data/0 is missing'],
    ['no folder', archive(records, { root: null }), 'not one that torch.save wrote'],
    ['another version', archive({ ...records, version: Buffer.from('999') }), 'it is of version "999"'],
    ['no byte order', archive({ ...records, byteorder: Buffer.from('middle') }), 'endianness type: middle'],
    ['TorchScript', archive({ ...records, 'constants.pkl': data }), 'TorchScript'],
    ['a checksum that is wrong', archive(records, { crc: () => 1 }), 'checksum is wrong'],
    ['encryption', archive(records, { flags: 1 }), 'is encrypted'],
    ['another method', archive(records, { method: 12 }), 'compressed with method 12'],
  ])('is refused for %s', (_, bytes, message) => {
    const error = failure(bytes);
    expect(error).toBeInstanceOf(serialization.CheckpointError);
    expect(error.message).toContain(message);
  });
});

describe('a tensor that does not fit', () => {
  it.each<[string, TensorFields, string]>([
    ['a short storage', { numel: 5 }, 'should have 5 elements of 4 bytes; it has 16 bytes'],
    ['a huge storage', { numel: 1n << 62n }, 'elements of 4 bytes; it has 16 bytes'],
    ['an offset', { offset: 1 }, 'reaches past the 4 elements of its storage data/0'],
    ['a negative offset', { offset: -1 }, 'has no proper offset, size or stride'],
    ['a size', { size: [5] }, 'reaches past the 4 elements'],
    ['an overflow', { size: [1 << 30, 1 << 30], stride: [1 << 30, 1 << 30] }, 'reaches past the 4 elements'],
    ['ranks', { size: [2, 2] }, 'has no proper offset, size or stride'],
    ['an unknown storage', { storage: 'QInt3Storage' }, 'it uses torch.QInt3Storage'],
  ])('%s', (_, change, message) => {
    const bytes = archive({ 'data.pkl': tensorPickle(change), 'data/0': Buffer.alloc(16) });
    expect(failure(bytes).message).toContain(message);
  });

  it('two dtypes over one storage', () => {
    const pair = (second: TensorFields) =>
      archive({ 'data.pkl': tensorPickle({}, second), 'data/0': Buffer.alloc(16) });
    expect(load<torch.Tensor[]>(pair({ offset: 1, size: [3] }))[1]?.storageOffset()).toBe(1);
    expect(failure(pair({ storage: 'IntStorage' })).message).toContain('data/0 is used with two dtypes');
  });

  it('a view that repeats one element is fine', () => {
    const bytes = archive({
      'data.pkl': tensorPickle({ size: [1 << 20, 1 << 20], stride: [0, 0] }),
      'data/0': Buffer.alloc(16),
    });
    expect(load<torch.Tensor>(bytes).numel()).toBe((1 << 20) * (1 << 20));
  });
});

describe('a pickle', () => {
  const read = (text: string) => load(archive({ 'data.pkl': Buffer.from(text, 'latin1') }));

  it.each<[string, string, unknown]>([
    ['protocol 4', '\x80\x04\x95\x0a\0\0\0\0\0\0\0\x8c\x01a\x94\x86.'.replace('\x86', '\x85'), ['a']],
    ['a set', '\x80\x04\x8f(K\x01K\x02\x90.', new Set([1, 2])],
    ['a pickle after the pickle', '\x80\x02K\x01.\x80\x02K\x02.', 1],
    ['negative big ints', '\x80\x02\x8a\x09\0\0\0\0\0\0\0\0\xff.', -(1n << 64n)],
    ['deep lists', `\x80\x02${']'.repeat(50000)}${'a'.repeat(49999)}.`, expect.any(Array)],
  ])('can have %s', (_, text, value) => {
    expect(read(text)).toEqual(value);
  });

  it('has dict keys that JavaScript objects cannot have', () => {
    const dict = read('\x80\x02}(X\x09\0\0\0__proto__K\x01X\x01\0\0\x001K\x02K\x01K\x03u.') as Map<
      unknown,
      number
    >;
    expect([...dict]).toEqual([
      ['__proto__', 1],
      ['1', 2],
      [1, 3],
    ]);
    expect(Object.getPrototypeOf(dict)).toBe(Map.prototype);
  });

  it.each([
    ['os', 'system'],
    ['builtins', 'eval'],
    ['__builtin__', 'exec'],
    ['torch.nn.modules.linear', 'Linear'],
    ['torch', 'load'],
    ['constructor', 'constructor'],
  ])('cannot reach %s.%s', (module, name) => {
    let caught: unknown;
    try {
      read(`\x80\x02c${module}\n${name}\nX\x02\0\0\0ls\x85R.`);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(serialization.ForbiddenGlobalError);
    expect((caught as torch.serialization.ForbiddenGlobalError).globalName).toBe(`${module}.${name}`);
  });

  it.each([
    ['nothing', '', 'it ends in the middle'],
    ['no STOP', '\x80\x02K\x01', 'it ends in the middle'],
    ['an empty stack', '\x80\x02.', 'STOP: the stack is empty'],
    ['no MARK', '\x80\x02]K\x01e.', 'APPENDS: there is no MARK'],
    ['a hole in the memo', '\x80\x02h\x07.', 'BINGET: nothing was stored under 7'],
    ['a string that is too long', '\x80\x02X\xff\xff\xff\x7fa.', 'it ends in the middle'],
    ['bad UTF-8', '\x80\x02X\x01\0\0\0\xff.', 'not UTF-8'],
    ['an append to a dict', '\x80\x02}K\x01a.', 'not a list'],
    ['an append to a tuple', '\x80\x02)K\x01a.', 'not a list'],
    ['an item of a list', '\x80\x02]K\x01K\x02s.', 'not a dict'],
    ['an odd number of items', '\x80\x02}(K\x01u.', 'a key has no value'],
    ['a list as a key', '\x80\x02}]K\x02s.', 'cannot be a key'],
    ['a call of a number', '\x80\x02K\x01)R.', 'not a function'],
    ['an unknown opcode', '\x80\x02\xfe.', 'opcode 254: this opcode is not known'],
    ['attributes of a dict', '\x80\x02}}b.', 'carries a state'],
    ['a tensor of a given size', '\x80\x02ctorch\nFloatTensor\nK\x05\x85R.', 'called with arguments'],
    ['a storage that is called', '\x80\x02ctorch\nFloatStorage\nK\x05\x85R.', 'storage class as a function'],
    ['protocol 1', '\x80\x01K\x01.', 'protocol 1'],
  ])('is refused for %s', (_, text, message) => {
    let caught: unknown;
    try {
      read(text);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(serialization.CheckpointError);
    expect((caught as Error).message).toContain(message);
  });
});
