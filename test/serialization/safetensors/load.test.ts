import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'libtorch-node';
import { afterAll, expect, it } from 'vitest';

const { safetensors } = torch;
const at = (name: string) => new URL(name, import.meta.url).pathname;

const folder = mkdtempSync(join(tmpdir(), 'safetensors-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Loaded {
  dtype: string;
  shape: number[];
  values: unknown;
}

function contents(tensors: ReadonlyMap<string, torch.Tensor>): Record<string, Loaded> {
  return Object.fromEntries(
    [...tensors].map(([name, tensor]) => [
      name,
      { dtype: tensor.dtype.name, shape: tensor.shape, values: tensor.tolist() },
    ]),
  );
}

const f32 = (shape: number[], values: unknown): Loaded => ({ dtype: 'float32', shape, values });
const square = {
  w: f32(
    [2, 2],
    [
      [1, 2],
      [3, 4],
    ],
  ),
};

/** What each file of corpus/ holds, or what is wrong with it. */
const CORPUS: Record<string, Record<string, Loaded> | RegExp> = {
  's001_ok.safetensors': square,
  's003_scalar_empty.safetensors': { s: f32([], 1), e: f32([0, 3], []) },
  's004_unpadded.safetensors': square,
  's006_header_past_end.safetensors': /header should have \d+ bytes and the file ends after 64 of them/,
  's007_bad_json.safetensors': /header is not as it should be: .* \(at character \d+\)/,
  's009_overlap.safetensors': /tensor "b" overlaps the one before it/,
  's010_size_mismatch.safetensors': /tensor "w": F32 of shape \[3\] needs 12 bytes and its range has 16/,
  's012_trailing.safetensors': /it has \d+ bytes after the last tensor/,
  's013_dup_key.safetensors': /the key "w" comes twice/,
  's015_unknown_dtype.safetensors': /tensor "w": its dtype "F3" does not exist/,
  's016_reversed.safetensors': /tensor "w": its data_offsets \[16,0\] are not a range/,
  's018_meta_not_string.safetensors': /there should be a string/,
  's019_leading_space.safetensors': /its header does not begin with '\{'/,
};

it('knows every file of the corpus', () => {
  expect(Object.keys(CORPUS)).toEqual(readdirSync(at('corpus')).sort());
});

it.each(Object.entries(CORPUS))('%s', (name, expected) => {
  const path = at(`corpus/${name}`);
  const before = torch.liveTensors();
  if (!(expected instanceof RegExp)) {
    expect(contents(safetensors.loadFile(path))).toEqual(expected);
    expect(contents(safetensors.load(readFileSync(path)))).toEqual(expected);
    return;
  }
  expect(() => safetensors.loadFile(path)).toThrow(safetensors.SafetensorError);
  expect(() => safetensors.loadFile(path)).toThrow(expected);
  expect(() => safetensors.loadFile(path)).toThrow(`cannot load ${path}: `);
  expect(torch.liveTensors()).toBeLessThanOrEqual(before); // less, if garbage was collected meanwhile
});

/** A file of this header and so many bytes of 0x40. */
function file(header: string | Uint8Array, bytes = 16): Uint8Array {
  const text = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(bytes, 0x40)]);
}

const tensor = (name: string, begin: number, end: number, type = 'U8', shape = `${end - begin}`) =>
  `${JSON.stringify(name)}:{"dtype":"${type}","shape":[${shape}],"data_offsets":[${begin},${end}]}`;

it.each<[string, Uint8Array, RegExp]>([
  ['a hole', file(`{${tensor('a', 0, 4)},${tensor('b', 8, 16)}}`), /tensor "b" leaves a hole in front of it/],
  ['a hole at the start', file(`{${tensor('b', 8, 16)}}`), /tensor "b" leaves a hole/],
  ['data cut off', file(`{${tensor('a', 0, 32)}}`), /should have \d+ bytes and has \d+: it was cut off/],
  ['no tensor for the data', file('{}'), /16 bytes after the last tensor/],
  [
    'an offset beyond 2^53',
    file(`{${tensor('a', 0, 16)},"b":{"dtype":"U8","shape":[],"data_offsets":[0,9007199254740993]}}`),
    /number 9007199254740993 is too large/,
  ],
  [
    'a shape whose product wraps',
    file(`{${tensor('a', 0, 16, 'U8', '4294967296,4294967296')}}`),
    /needs 18446744073709551616 bytes/,
  ],
  ['a negative side', file(`{${tensor('a', 0, 16, 'U8', '-16')}}`), /an integer, 0 or more/],
  ['a fraction', file(`{${tensor('a', 0, 16, 'U8', '16.0')}}`), /there should be a '\]'/],
  ['a lone leading zero', file(`{${tensor('a', 0, 16, 'U8', '016')}}`), /there should be a '\]'/],
  [
    'less than a byte per element',
    file(`{${tensor('a', 0, 16, 'F4', '32')}}`),
    /dtype F4 has less than a byte/,
  ],
  [
    'a field too many',
    file('{"a":{"dtype":"U8","shape":[16],"data_offsets":[0,16],"strides":[1]}}'),
    /tensor "a": it has "strides"/,
  ],
  ['a field too few', file('{"a":{"dtype":"U8","shape":[16]}}'), /tensor "a": it lacks one of/],
  [
    'a field twice',
    file('{"a":{"dtype":"U8","dtype":"I8","shape":[16],"data_offsets":[0,16]}}'),
    /"dtype" comes twice/,
  ],
  [
    'three offsets',
    file('{"a":{"dtype":"U8","shape":[16],"data_offsets":[0,16,16]}}'),
    /\[0,16,16\] are not a range/,
  ],
  ['a list', file('[]'), /does not begin with '\{'/],
  ['text behind the header', file(`{${tensor('a', 0, 16)}} {}`), /something after the end/],
  ['a trailing comma', file(`{${tensor('a', 0, 16)},}`), /there should be a string/],
  ['a string without end', file('{"a'), /a string does not end/],
  ['a bad escape', file('{"a\\q":1}'), /a string is not valid/],
  ['half a surrogate pair', file('{"\\ud800":1}'), /not valid Unicode/],
  ['bytes that are not UTF-8', file(Buffer.from('{"\xff"', 'latin1')), /not valid UTF-8/],
  [
    'an overlong header',
    Buffer.from('\xff\xff\xff\xff\xff\xff\xff\xff{', 'latin1'),
    /18446744073709551615 bytes long.*probably not/,
  ],
  ['nothing', Buffer.alloc(0), /it has 0 bytes/],
])('refuses %s', (_name, bytes, message) => {
  expect(() => safetensors.load(bytes)).toThrow(safetensors.SafetensorError);
  expect(() => safetensors.load(bytes)).toThrow(message);
});

it('takes every name and every place for what it is', () => {
  const header = `{${tensor('__proto__', 1, 2)},${tensor('constructor', 0, 1)},${tensor('é"\n', 2, 16)}}   `;
  const tensors = safetensors.load(file(header));
  expect([...tensors.keys()]).toEqual(['constructor', '__proto__', 'é"\n']);
  expect(tensors.get('__proto__')?.tolist()).toEqual([0x40]);
});

it('loads every dtype bit for bit, aligned or not', () => {
  const expected = torch.load<Map<string, torch.Tensor>>(at('../golden/dtypes.pt'));
  const tensors = safetensors.loadFile(at('golden/dtypes.safetensors'));
  expect(tensors.size).toBe(19);
  for (const [name, tensor] of tensors) {
    expect(tensor.dtype.name).toBe(name);
    if (name === 'float8_e8m0fnu') continue;
    const same = (expected.get(name) as torch.Tensor).narrow(0, 0, 3);
    expect(torch.equal(tensor.view(torch.uint8), same.view(torch.uint8)), name).toBe(true);
  }
  // It has no zero: the smallest power of two stands for that.
  expect(tensors.get('float8_e8m0fnu')?.view(torch.uint8).tolist()).toEqual([0, 127, 128]);
});

it('opens a file without loading it, and single tensors of it', () => {
  const opened = safetensors.safeOpen(at('golden/names.safetensors'));
  expect(opened.metadata()).toEqual(new Map([['a "note"', 'über']]));
  expect(opened.keys()).toEqual(['', 'a', 'b', 'constructor', 'empty', 'é"\\\n😀']);
  expect(opened.place('b')).toMatchObject({ dtype: torch.float32, shape: [4] });
  expect(opened.getTensor('b').tolist()).toEqual([0, 1, 2, 3]);
  expect(() => opened.getTensor('c')).toThrow(/names\.safetensors has no tensor "c"/);
  opened.close();
});

it('loads an index with its files', () => {
  const tensors = safetensors.loadFile(at('golden/sharded/model.safetensors.index.json'));
  expect([...tensors.keys()]).toEqual([0, 1, 2, 3].map((i) => `layer${i}.weight`));
  expect(tensors.get('layer3.weight')?.sum().item()).toBe(28 + 8 * 3);
});

it.each<[string, unknown, RegExp]>([
  ['what is not an index', { tensors: {} }, /has no weight_map/],
  [
    'a file elsewhere',
    { weight_map: { a: '../a.safetensors' } },
    /"a" should be in a \.safetensors file beside it/,
  ],
  ['a missing file', { weight_map: { a: 'none.safetensors' } }, /none\.safetensors/],
  [
    'a tensor that is not there',
    { weight_map: { a: 'x.safetensors', b: 'x.safetensors' } },
    /x\.safetensors should have the tensor "b"/,
  ],
  ['a tensor too many', { weight_map: { b: 'y.safetensors' } }, /y\.safetensors has the tensor "c"/],
])('refuses an index with %s', (_name, index, message) => {
  const one = torch.zeros([1]);
  safetensors.saveFile({ a: one }, join(folder, 'x.safetensors'));
  safetensors.saveFile({ b: one, c: torch.zeros([1]) }, join(folder, 'y.safetensors'));
  const path = join(folder, 'm.safetensors.index.json');
  writeFileSync(path, JSON.stringify(index));
  expect(() => safetensors.loadFile(path)).toThrow(message);
});
