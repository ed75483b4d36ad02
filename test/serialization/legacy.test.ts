// The formats before ZIP: rows of pickles (0.1.10 to 1.5) and tar (before).

import { readFileSync } from 'node:fs';
import * as torch from 'libtorch-node';
import { describe, expect, it } from 'vitest';

import { runPython } from '../live-python.js';

const { load, serialization } = torch;
const corpus = (name: string) => readFileSync(new URL(`./corpus/${name}.pt`, import.meta.url));

describe('a row of pickles', () => {
  const stream = corpus('v070_legacy_stream');

  it('is truncated wherever it is cut', () => {
    for (let size = 20; size < stream.length; size += 1) {
      expect(() => load(stream.subarray(0, size)), `${size} bytes`).toThrow(
        serialization.TruncatedCheckpointError,
      );
    }
    expect(load(Buffer.concat([stream, Buffer.from('more')]))).toBeInstanceOf(Map);
  });

  it('cannot be mapped', () => {
    const path = new URL('./corpus/v070_legacy_stream.pt', import.meta.url).pathname;
    expect(() => load(path, { mmap: true })).toThrow(
      /mmap can only be used with.*_use_new_zipfile_serialization=True/,
    );
  });

  it('may have a value of any length, and one dtype per storage', () => {
    const [long, twice] = runPython<string[]>(`
import base64, io, torch
def saved(value):
    file = io.BytesIO()
    torch.save(value, file, _use_new_zipfile_serialization=False)
    return base64.b64encode(file.getvalue()).decode()
base = torch.arange(4.)
print(json.dumps([saved({"x" * 100: torch.ones(3), **{str(i): float(i) for i in range(100000)}}), saved([base, base[1:3], base])]))
`);
    const dict = load<Map<string, number | torch.Tensor>>(Buffer.from(long as string, 'base64'));
    expect([dict.size, dict.get('99999')]).toEqual([100001, 99999]);
    expect((dict.get('x'.repeat(100)) as torch.Tensor).tolist()).toEqual([1, 1, 1]);
    const [base, part, again] = load<torch.Tensor[]>(Buffer.from(twice as string, 'base64'));
    part?.fill_(7);
    expect(base?.tolist()).toEqual([0, 7, 7, 3]);
    expect(again).toBe(base);
  });

  it('with classes and their source is read as records', () => {
    const [bytes] = runPython<string[]>(`
import base64, io, torch, warnings
warnings.simplefilter("ignore")
file = io.BytesIO()
torch.save(torch.nn.Linear(2, 1), file, _use_new_zipfile_serialization=False)
print(json.dumps([base64.b64encode(file.getvalue()).decode()]))
`);
    const file = Buffer.from(bytes as string, 'base64');
    expect(() => load(file)).toThrow(serialization.ForbiddenGlobalError);
    const module = load<torch.serialization.UnknownObject>(file, { keepUnknown: true });
    expect(module.className).toBe('torch.nn.modules.linear.Linear');
    const parameters = (module.state as Map<string, Map<string, torch.Tensor>>).get('_parameters');
    expect(parameters?.get('weight')?.shape).toEqual([1, 2]);
  });
});

describe('a tar archive', () => {
  const int64 = (...values: number[]) => Buffer.from(BigInt64Array.from(values.map(BigInt)).buffer);
  const pickle = (opcodes: string) => Buffer.from(`\x80\x02${opcodes}.`, 'latin1');
  const number = (value: number) => `K${String.fromCharCode(value)}`;

  function member(name: string, contents: Buffer): Buffer {
    const header = Buffer.alloc(512);
    header.write(name);
    header.write(contents.length.toString(8).padStart(11, '0'), 124);
    header.write('0ustar', 156);
    header.write('ustar', 257);
    return Buffer.concat([header, contents, Buffer.alloc((512 - (contents.length % 512)) % 512)]);
  }

  // One storage of four floats, a view of its middle, and a tensor over each.
  function tar({
    views = `](${number(6)}${number(5)}${number(1)}${number(2)}ta`,
    extra = [] as Buffer[],
  } = {}): Buffer {
    const storage = Buffer.concat([
      pickle(`(${number(5)}X\x03\0\0\0cpuctorch\nFloatStorage\nt`),
      int64(4),
      Buffer.from(Float32Array.of(1, 2, 3, 4).buffer),
    ]);
    const tensor = (key: number, storageKey: number, size: number) =>
      Buffer.concat([
        pickle(`(${number(key)}${number(storageKey)}ctorch\nFloatTensor\nt`),
        int64(1, size, 1, 0),
      ]);
    return Buffer.concat([
      member('storages', Buffer.concat([pickle(number(1)), storage, pickle(views)])),
      member('tensors', Buffer.concat([pickle(number(2)), tensor(7, 5, 4), tensor(8, 6, 2)])),
      member('pickle', pickle('(X\x01\0\0\x007QX\x01\0\0\x008QX\x01\0\0\x007Ql')),
      ...extra,
      Buffer.alloc(1024),
    ]);
  }

  it('loads, with its views', () => {
    const [whole, part, again] = load<torch.Tensor[]>(tar());
    expect([whole?.tolist(), part?.tolist()]).toEqual([
      [1, 2, 3, 4],
      [2, 3],
    ]);
    part?.zero_();
    expect(again?.tolist()).toEqual([1, 0, 0, 4]);
  });

  it.each<[string, Buffer, string]>([
    [
      'a member that points out of it',
      tar({ extra: [member('../evil', Buffer.alloc(1))] }),
      'points out of it',
    ],
    ['a member twice', tar({ extra: [member('pickle', Buffer.alloc(1))] }), 'is there twice'],
    [
      'a view past its storage',
      tar({ views: `](${number(6)}${number(5)}${number(3)}${number(2)}ta` }),
      'reaches past',
    ],
    ['no members', Buffer.concat([member('x', Buffer.alloc(1)), Buffer.alloc(1024)]), 'no member storages'],
    ['a cut', tar().subarray(0, 2048), 'the end of the tar archive is missing'],
  ])('is refused for %s', (_, bytes, message) => {
    expect(() => load(bytes)).toThrow(serialization.CheckpointError);
    expect(() => load(bytes)).toThrow(message);
  });
});
