// .npy and .npz files that NumPy would not write.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import * as torch from 'libtorch-node';
import { afterEach, beforeEach, expect, it } from 'vitest';

const { numpy } = torch;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'numpy-damaged-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** An .npy of any header. */
function npy(header: string, data = Buffer.alloc(0), version = 1): Buffer {
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  length.writeUIntLE(header.length, 0, length.length);
  return Buffer.concat([
    Buffer.from(`\x93NUMPY${String.fromCharCode(version)}\0`, 'latin1'),
    length,
    Buffer.from(header, 'latin1'),
    data,
  ]);
}
const HEADER = (shape: string, rest = '') =>
  `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, ${rest}}\n`;

it.each([
  ['nothing', Buffer.alloc(0), torch.serialization.NotACheckpointError, /does not begin with/],
  ['another file', Buffer.from('hello, world'), torch.serialization.NotACheckpointError, /does not begin/],
  [
    'version 9',
    npy(HEADER('(1,)'), Buffer.alloc(4), 9),
    torch.serialization.UnsupportedCheckpointError,
    /version 9\.0/,
  ],
  [
    'a header that is cut off',
    npy(HEADER('(1,)')).subarray(0, 40),
    torch.serialization.TruncatedCheckpointError,
    /ends/,
  ],
  [
    'too little data',
    npy(HEADER('(2, 3)'), Buffer.alloc(20)),
    torch.serialization.TruncatedCheckpointError,
    /needs 24 bytes and 20/,
  ],
  [
    'a huge shape',
    npy(HEADER('(9007199254740991, 9007199254740991)')),
    torch.serialization.TruncatedCheckpointError,
    /needs \d{30,}/,
  ],
  ['a negative size', npy(HEADER('(-1,)')), torch.serialization.CorruptArchiveError, /character/],
  [
    'a size that is no number',
    npy(HEADER("('a',)")),
    torch.serialization.CorruptArchiveError,
    /proper shape/,
  ],
  [
    'a call',
    npy(HEADER("__import__('os').system('true')")),
    torch.serialization.CorruptArchiveError,
    /character/,
  ],
  ['another key', npy(HEADER('(1,)', "'x': 1")), torch.serialization.CorruptArchiveError, /only those/],
  ['no dict', npy('(1, 2)'), torch.serialization.CorruptArchiveError, /descr, fortran_order/],
  ['endless brackets', npy('('.repeat(9000)), torch.serialization.CorruptArchiveError, /character 101/],
  [
    'a long header',
    npy(HEADER('(1,)') + ' '.repeat(20_000)),
    torch.serialization.CorruptArchiveError,
    /20\d{3} bytes/,
  ],
] as const)('refuses %s', (_, bytes, kind, message) => {
  expect(() => numpy.load(bytes)).toThrow(kind);
  expect(() => numpy.load(bytes)).toThrow(message);
});

it("reads Python 2's long numbers, either quote, and ignores what follows the array, as NumPy does", () => {
  const header = `{"descr": "<f4", 'fortran_order': False, 'shape': (2L,)}`;
  const data = Buffer.from(Float32Array.of(1, 2, 3).buffer);
  expect(numpy.load(npy(header, data)).tolist()).toEqual([1, 2]);
});

it('refuses a damaged archive', () => {
  const path = join(folder, 'a.npz');
  numpy.savez(path, { a: torch.arange(100) });
  const bytes = readFileSync(path);
  const damaged = Buffer.from(bytes);
  damaged[400] = (damaged[400] as number) ^ 1;
  expect(() => numpy.loadz(damaged)).toThrow(/a\.npy is damaged: its checksum is wrong/);
  expect(() => numpy.loadz(bytes.subarray(0, 500))).toThrow(torch.serialization.TruncatedCheckpointError);
  expect(() => numpy.loadz(Buffer.from('PK'))).toThrow(torch.serialization.TruncatedCheckpointError);
});

it('refuses a record that unpacks to something else than it should', () => {
  // One record by hand: deflated, its size in the directory too large by one.
  const contents = npy(HEADER('(1,)'), Buffer.alloc(4));
  const packed = deflateRawSync(contents);
  const fields = (size: number) => {
    const buffer = Buffer.alloc(26);
    buffer.writeUInt16LE(8, 4);
    buffer.writeUInt32LE(packed.length, 14);
    buffer.writeUInt32LE(size, 18);
    buffer.writeUInt16LE(5, 22);
    return buffer;
  };
  const archive = (size: number) => {
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields(size), Buffer.from('a.npy'), packed]);
    const line = Buffer.concat([
      Buffer.from('PK\x01\x02\0\0'),
      fields(size),
      Buffer.alloc(14),
      Buffer.from('a.npy'),
    ]);
    const end = Buffer.alloc(22);
    end.write('PK\x05\x06', 'latin1');
    end.writeUInt16LE(1, 10);
    end.writeUInt32LE(line.length, 12);
    end.writeUInt32LE(local.length, 16);
    return Buffer.concat([local, line, end]);
  };
  expect(numpy.loadz(archive(contents.length)).get('a')?.tolist()).toEqual([0]);
  expect(() => numpy.loadz(archive(contents.length + 1))).toThrow(/a\.npy is damaged: it cannot be unpacked/);
});
