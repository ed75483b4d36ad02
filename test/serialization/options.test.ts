// What load can be told, and what it keeps beside the values.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'libtorch-node';
import { afterAll, describe, expect, it } from 'vitest';

import { archive, type TensorFields, tensorPickle } from './archive.js';

const { load, save, serialization } = torch;
const { attributesOf, OrderedDict, UnknownGlobal, UnknownObject } = serialization;
const folder = mkdtempSync(join(tmpdir(), 'options-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'x.pt');

const pickled = (opcodes: string) => archive({ 'data.pkl': Buffer.from(`\x80\x02${opcodes}`, 'latin1') });
const tensors = (...fields: [TensorFields?, TensorFields?]) =>
  archive({ 'data.pkl': tensorPickle(...fields), 'data/0': Buffer.from(Float32Array.of(1, 2, 3, 4).buffer) });

function errorOf(run: () => unknown): Error & Record<string, unknown> {
  try {
    run();
  } catch (error) {
    return error as never;
  }
  throw new Error('it did not throw');
}

describe('mapLocation', () => {
  const elsewhere = tensors({ location: 'cuda:7' });

  it.each<[string, torch.serialization.MapLocation]>([
    ['a device', torch.device('cpu')],
    ['a Map', new Map([['cuda:7', 'cpu']])],
    ['an object', { 'cuda:7': torch.device('cpu') }],
    ['a function', (location) => (location === 'cuda:7' ? 'cpu' : 'meta')],
  ])('is %s', (_, mapLocation) => {
    expect(load<torch.Tensor>(elsewhere, { mapLocation }).tolist()).toEqual([1, 2, 3, 4]);
  });

  it.each<[string, torch.serialization.MapLocation]>([
    ['an empty Map', new Map()],
    ['an object without it', {}],
    ['a function that answers null', () => null],
    ['an object that inherits names', Object.create({ 'cuda:7': 'cpu' }) as Record<string, string>],
  ])('leaves a device that %s does not name', (_, mapLocation) => {
    expect(() => load(elsewhere, { mapLocation })).toThrow(serialization.UnsupportedCheckpointError);
    expect(load<torch.Tensor>(tensors(), { mapLocation }).tolist()).toEqual([1, 2, 3, 4]);
  });

  it('meta reads no data', () => {
    const broken = archive(
      { 'data.pkl': tensorPickle(), 'data/0': Buffer.alloc(16) },
      { crc: (bytes) => (bytes.length === 16 ? 1 : 0) },
    );
    expect(() => load(broken)).toThrow(/checksum/);
    const tensor = load<torch.Tensor>(broken, { mapLocation: 'meta' });
    expect([tensor.device.type, tensor.shape]).toEqual(['meta', [4]]);
  });

  it('names a device that is none', () => {
    expect(() => load(tensors({ location: 'my device!' }))).toThrow(
      /on device my device!, which is not available/,
    );
  });
});

it('has no way to execute what is in a file', () => {
  const options = { weightsOnly: false } as unknown as torch.serialization.LoadOptions;
  expect(() => load(tensors(), options)).toThrow(/weightsOnly can only be true.*keepUnknown/);
  expect(load<torch.Tensor>(tensors(), { weightsOnly: true }).numel()).toBe(4);
});

describe('keepUnknown', () => {
  const read = (opcodes: string) => load(pickled(opcodes), { keepUnknown: true });

  it('makes records of calls, states, items and entries', () => {
    const made = read('cmy.module\nThing\n)\x81(K\x01K\x02eX\x01\0\0\0aK\x03s}X\x01\0\0\0bK\x04sb.');
    expect(made).toBeInstanceOf(UnknownObject);
    const { className, args, items, entries, state } = made as InstanceType<typeof UnknownObject>;
    expect([className, [...args], items, [...entries]]).toEqual(['my.module.Thing', [], [1, 2], [['a', 3]]]);
    expect(state).toEqual(new Map([['b', 4]]));
  });

  it('makes records of names, and calls none', () => {
    expect(read('cos\nsystem\n.')).toEqual(new UnknownGlobal('os.system'));
    expect(read('cos\nsystem\nX\x02\0\0\0ls\x85R.')).toEqual(new UnknownObject('os.system', ['ls'] as never));
    expect(() => load(pickled('cos\nsystem\n.'))).toThrow(serialization.ForbiddenGlobalError);
  });

  it('leaves what is known as it is, and its refusals', () => {
    expect(load<torch.Tensor>(tensors(), { keepUnknown: true }).tolist()).toEqual([1, 2, 3, 4]);
    expect(() => read('c_codecs\nencode\nX\x01\0\0\0aX\x05\0\0\0rot13\x86R.')).toThrow(
      serialization.ForbiddenGlobalError,
    );
  });

  it('gives records that cannot be saved', () => {
    expect(() => save([read('cos\nsystem\n.')], path)).toThrow(/cannot save \[0\]: it is UnknownGlobal/);
  });
});

describe('floats that are integral', () => {
  // BINFLOAT 7.0, as the file has it.
  const isWrittenAsFloat = (value: unknown) => {
    save(value, path);
    return readFileSync(path).includes(Buffer.from('47401c000000000000', 'hex'));
  };

  const containers: [string, unknown][] = [
    ['a list', [torch.float(7)]],
    ['a tuple', serialization.Tuple.of(torch.float(7))],
    ['a dict', new Map([['a', torch.float(7)]])],
    ['an OrderedDict', new OrderedDict([['a', torch.float(7)]])],
    ['a set', new Set([torch.float(7)])],
    ['a Counter', new serialization.Counter([['a', torch.float(7)]])],
  ];

  it.each(containers)('in %s are numbers, and floats again when it is saved', (_, container) => {
    save(container, path);
    const loaded = load<Iterable<unknown>>(path);
    expect([...loaded].flat()).toContain(7);
    expect(isWrittenAsFloat(loaded)).toBe(true);
    expect(isWrittenAsFloat(load(path))).toBe(true);
  });

  it('are ints where they were ints, and where another number took their place', () => {
    expect(isWrittenAsFloat([7])).toBe(false);
    save([torch.float(1), 7], path);
    const loaded = load<number[]>(path);
    loaded[0] = 7;
    expect(isWrittenAsFloat(loaded)).toBe(false);
  });
});

describe('attributes', () => {
  it('go with tensors, Parameters and OrderedDicts', () => {
    const tensor = torch.ones([2]);
    attributesOf(tensor).set('tag', 'x');
    const state = new OrderedDict<string, torch.Tensor>([['w', new torch.nn.Parameter(torch.ones([1]))]]);
    attributesOf(state.get('w') as torch.Tensor).set('note', [1]);
    attributesOf(state).set('of', 'dict');
    save({ tensor, state }, path);
    const loaded = load<Map<string, never>>(path);
    const [first, second] = [loaded.get('tensor'), loaded.get('state')] as unknown as [
      torch.Tensor,
      typeof state,
    ];
    expect([...attributesOf(first)]).toEqual([['tag', 'x']]);
    expect([...attributesOf(second)]).toEqual([['of', 'dict']]);
    expect([...attributesOf(second.get('w') as torch.Tensor)]).toEqual([['note', [1]]]);
    expect(second.get('w')).toBeInstanceOf(torch.nn.Parameter);
  });

  it('are data: a name that means something to JavaScript is a key', () => {
    const dict = load<typeof OrderedDict.prototype>(
      pickled('ccollections\nOrderedDict\n)R}X\x09\0\0\0__proto__K\x01sb.'),
    );
    expect([...attributesOf(dict)]).toEqual([['__proto__', 1]]);
    expect(Object.getPrototypeOf(dict)).toBe(OrderedDict.prototype);
  });
});

describe('errors', () => {
  const wrong = `ctorch._utils\n_rebuild_parameter\nK\x01\x88N\x87R`;

  it.each<[string, string, unknown[]]>([
    ['of a dict', `}X\x05\0\0\0model}X\x01\0\0\0w${wrong}ss.`, ['model', 'w']],
    ['of a list in a dict', `}X\x01\0\0\0a](K\x01${wrong}es.`, ['a', 1]],
    ['of a tuple', `K\x00${wrong}\x86.`, [1]],
    ['of a dict that was written in one piece', `}(X\x01\0\0\0aK\x01X\x01\0\0\0b${wrong}u.`, ['b']],
    ['of the value itself', `${wrong}.`, []],
    ['of an attribute', `ccollections\nOrderedDict\n)R}X\x01\0\0\0a${wrong}sb.`, ['__dict__', 'a']],
  ])('have the path %s', (_, opcodes, wanted) => {
    const error = errorOf(() => load(pickled(opcodes)));
    expect([error.name, error.path]).toEqual(['BadTensorError', wanted]);
    if (wanted.length > 0) expect(error.message).toMatch(/ \(at \[.*\]\)$/);
  });

  it('have the offset and the opcode of a pickle', () => {
    const { name, offset, opcode } = errorOf(() => load(pickled('K\x01h\x07.')));
    expect([name, offset, opcode]).toEqual(['BadPickleError', 4, 'BINGET']);
  });

  it('say that a limit is exceeded', () => {
    // A large object that is copied again and again by a few bytes each.
    const large = `](${'N'.repeat(100_000)}eq\x00`;
    const copies = `c__builtin__\nset\nh\x00\x85R0`.repeat(20);
    const error = errorOf(() => load(pickled(`${large}${copies}.`)));
    expect([error.name, error.message]).toEqual(['LimitExceededError', expect.stringMatching(/without end/)]);
  });
});

describe('other things that PyTorch writes', () => {
  const pickle = Buffer.from('\x80\x02}.', 'latin1');

  it.each<[string, Record<string, Buffer>, RegExp]>([
    [
      'an ExportedProgram',
      { archive_format: Buffer.from('pt2'), 'models/model.json': pickle },
      /ExportedProgram.*torch\.export\.load/,
    ],
    ['an older ExportedProgram', { 'serialized_exported_program.json': pickle }, /ExportedProgram/],
    [
      'an AOTInductor package',
      { archive_format: Buffer.from('pt2'), 'data/aotinductor/model/model.so': pickle },
      /AOTInductor/,
    ],
    [
      'a model for mobile devices',
      { 'data.pkl': pickle, 'constants.pkl': pickle, 'bytecode.pkl': pickle },
      /Lite Interpreter/,
    ],
    ['a torch.package', { '.data/extern_modules': pickle, 'model.pkl': pickle }, /torch\.package/],
    ['NumPy arrays', { 'arr_0.npy': pickle }, /\.npz/],
  ])('%s is named', (_, records, message) => {
    expect(() => load(archive(records))).toThrow(message);
    expect(() => load(archive(records))).toThrow(serialization.CheckpointError);
  });

  it('safetensors are read by their ending, and named without it', () => {
    const file = join(folder, 'x.safetensors');
    torch.safetensors.saveFile({ a: torch.ones([2]) }, file);
    expect(load<Map<string, torch.Tensor>>(file).get('a')?.tolist()).toEqual([1, 1]);
    expect(load<Map<string, torch.Tensor>>(file, { mapLocation: () => 'meta' }).get('a')?.device.type).toBe(
      'meta',
    );
    expect(() => load(torch.safetensors.save({ a: torch.ones([2]) }))).toThrow(/safetensors\.loadFile/);
  });

  it('containers of torch::pickle_save are what they hold', () => {
    expect(load(pickled('ctorch.jit._pickle\nrestore_type_tag\n]X\x09\0\0\0List[int]\x86R.'))).toEqual([]);
  });
});

it('tells names that differ in case only from names that are there twice', () => {
  const data = Buffer.from('\x80\x02K\x01.', 'latin1');
  expect(() => load(archive({ 'data.pkl': data, 'DATA.pkl': data }))).toThrow(/is there twice/);
});

it('keeps a storage that is no tensor', () => {
  const storage = new serialization.Storage(torch.arange(8, { dtype: torch.uint8 }), torch.int16);
  save({ storage, view: storage.tensor().narrow(0, 1, 2) }, path);
  const loaded = load<Map<string, never>>(path);
  const [first, view] = [loaded.get('storage'), loaded.get('view')] as unknown as [
    typeof storage,
    torch.Tensor,
  ];
  expect([first.dtype, first.nbytes]).toEqual([torch.int16, 8]);
  first.tensor().zero_();
  expect(view.tolist()).toEqual([0, 0]);
});
