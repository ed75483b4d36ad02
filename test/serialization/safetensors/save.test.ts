import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'libtorch-node';
import { afterEach, beforeEach, expect, it } from 'vitest';

const { safetensors } = torch;
const golden = (name: string) => readFileSync(new URL(`golden/${name}`, import.meta.url));
const count = (n: number, dtype = torch.float32) => torch.arange(n, { dtype: torch.int64 }).to(dtype);

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'safetensors-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const DTYPES =
  'bool uint8 int8 int16 int32 int64 uint16 uint32 uint64 float16 bfloat16 float32 float64 complex64 ' +
  'float8_e5m2 float8_e4m3fn float8_e5m2fnuz float8_e4m3fnuz float8_e8m0fnu';

/** The values of tools/golden/safetensors_files.py. */
const FILES: Record<string, [Record<string, torch.Tensor>, Record<string, string> | null]> = {
  'dtypes.safetensors': [
    Object.fromEntries(
      DTYPES.split(' ').map((name) => [
        name,
        count(3, (torch as unknown as Record<string, torch.DType>)[name]),
      ]),
    ),
    null,
  ],
  'names.safetensors': [
    {
      b: count(4),
      a: count(2),
      'é"\\\n😀': count(1),
      '': torch.tensor(3.5),
      empty: torch.empty([0, 3]),
      constructor: count(6).view([2, 3]),
    },
    { 'a "note"': 'über' },
  ],
  'nothing.safetensors': [{}, null],
};

it.each(Object.entries(FILES))("%s: the file is Python's, byte for byte", (name, [tensors, metadata]) => {
  const path = join(folder, name);
  safetensors.saveFile(tensors, path, metadata);
  expect(readFileSync(path).equals(golden(name))).toBe(true);
  expect(Buffer.from(safetensors.save(new Map(Object.entries(tensors)), metadata)).equals(golden(name))).toBe(
    true,
  );
});

it('an index and its files are those of huggingface_hub', () => {
  const tensors = new Map([0, 1, 2, 3].map((i) => [`layer${i}.weight`, count(8).view([2, 4]).add(i)]));
  const path = join(folder, 'model.safetensors.index.json');
  safetensors.saveIndex(tensors, path, { maxShardBytes: 64, metadata: { format: 'pt' } });
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(
    JSON.parse(golden('sharded/model.safetensors.index.json').toString()),
  );
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.safetensors'))) {
    expect(readFileSync(join(folder, file)).equals(golden(`sharded/${file}`)), file).toBe(true);
  }
  expect(readdirSync(folder)).toHaveLength(3);
  expect(() => safetensors.saveIndex(tensors, join(folder, 'index.json'))).toThrow(/must end in/);
});

it('writes a view without the rest of its storage', () => {
  const rows = count(12).view([4, 3]);
  const bytes = safetensors.save({ first: rows.select(0, 0), rest: rows.narrow(0, 1, 3) });
  const loaded = safetensors.load(bytes);
  expect(loaded.get('first')?.tolist()).toEqual([0, 1, 2]);
  expect(loaded.get('rest')?.sum().item()).toBe(63);
});

it('writes tensors larger than one piece, and leaves none behind', () => {
  const large = torch.arange((1 << 24) + 3, { dtype: torch.uint8 });
  const before = torch.liveTensors();
  const path = join(folder, 'large.safetensors');
  safetensors.saveFile({ large }, path);
  expect(torch.liveTensors()).toBeLessThanOrEqual(before); // less, if garbage was collected meanwhile
  expect(torch.equal(safetensors.loadFile(path).get('large') as torch.Tensor, large)).toBe(true);
});

it.each<[string, () => unknown, RegExp]>([
  ['a number', () => ({ a: 1 }), /Key `a` is invalid, expected torch.Tensor but received number/],
  [
    'a transposed tensor',
    () => ({ a: count(6).view([2, 3]).t() }),
    /non contiguous tensor: `a` which is not allowed/,
  ],
  ['the same tensor twice', () => ({ a: SAME, b: SAME }), /share memory.*`a` and `b`/],
  [
    'overlapping views',
    () => ({ a: SAME.narrow(0, 0, 3), b: SAME.narrow(0, 2, 2) }),
    /share memory.*`a` and `b`/,
  ],
  ['a sparse tensor', () => ({ a: torch.eye(2).toSparse() }), /a sparse tensor: `a`/],
  ['complex128', () => ({ a: torch.zeros([1], { dtype: torch.complex128 }) }), /Key `a` is torch.complex128/],
  ['a meta tensor', () => ({ a: torch.zeros([1], { device: 'meta' }) }), /Key `a` is a meta tensor/],
  [
    'a conjugate view',
    () => ({ a: torch.zeros([1], { dtype: torch.complex64 }).conj() }),
    /`a` is a lazy view/,
  ],
  ['a name that is not a string', () => new Map([[1, SAME]]), /a name must be a string, not number/],
  ["the format's own name", () => ({ __metadata__: SAME }), /the format's own/],
  ['half a surrogate pair', () => ({ '\ud800': SAME }), /not valid Unicode/],
])('refuses %s and writes nothing', (_name, tensors, message) => {
  const path = join(folder, 'x.safetensors');
  expect(() => safetensors.saveFile(tensors() as never, path)).toThrow(message);
  expect(readdirSync(folder)).toEqual([]);
});

const SAME = count(4);

it('refuses metadata that is not text', () => {
  expect(() => safetensors.save({}, { epoch: 3 } as never)).toThrow(
    /metadata "epoch" must be a string, not number/,
  );
});

it('names the path when it cannot write', () => {
  expect(() => safetensors.saveFile({}, join(folder, 'none', 'x.safetensors'))).toThrow(
    /cannot save .*x\.safetensors: the folder does not exist/,
  );
});
