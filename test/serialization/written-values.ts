// Values as a user of this library makes them.

import * as torch from 'libtorch-node';

const { attributesOf, ByteArray, Counter, Size, Storage } = torch.serialization;
const { OrderedDict } = torch;
const { Tuple } = torch.serialization;
const { nn } = torch;

const count = (n: number, dtype = torch.float32) => torch.arange(n, { dtype: torch.int64 }).to(dtype);
const map = (entries: Record<string, unknown>) => new Map(Object.entries(entries));
const noted = <T extends torch.Tensor>(tensor: T, attributes: Record<string, unknown>): T => {
  for (const [name, value] of Object.entries(attributes)) attributesOf(tensor).set(name, value);
  return tensor;
};

function training(): unknown {
  torch.manualSeed(0);
  const model = new nn.Sequential(new nn.Linear(3, 4), new nn.Linear(4, 2));
  const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.5, momentum: 0.9 });
  model
    .forward(torch.randn([5, 3]))
    .square()
    .sum()
    .backward();
  optimizer.step();
  return map({
    model: model.stateDict(),
    optimizer: optimizer.stateDict(),
    rng: torch.getRngState(),
    epoch: 3,
    best: torch.float(1),
  });
}

function views(): unknown {
  const base = count(12);
  return map({
    base,
    rows: base.view([3, 4]),
    turned: base.view([3, 4]).t(),
    part: base.narrow(0, 3, 4),
    again: base,
  });
}

function circle(): unknown {
  const items: unknown[] = [1];
  items.push(items);
  return items;
}

function shared(): unknown {
  const items = [1, 2];
  return [items, items, Tuple.of(items)];
}

function withAttributes(): unknown {
  const state = new OrderedDict<string, torch.Tensor>([['a', count(2)]]);
  state.metadata = new OrderedDict([['', new Map([['version', 1]])]]);
  attributesOf(state as never).set('note', 'x');
  return state;
}

const TYPED = 'float64 float32 float16 bfloat16 int64 int32 int16 int8 uint8 bool complex64 complex128'.split(
  ' ',
);
const UNTYPED = 'uint16 uint32 uint64 float8_e4m3fn float8_e5m2 float8_e4m3fnuz float8_e5m2fnuz'.split(' ');
const dtype = (name: string) => (torch as unknown as Record<string, torch.DType>)[name] as torch.DType;
const each = (names: string[]) => new Map(names.map((name) => [name, count(4, dtype(name))]));
const dense = () =>
  torch.tensor([
    [0, 1, 0, 2],
    [3, 0, 0, 0],
  ]);
const quantized = (type: torch.DType) => torch.quantizePerTensor(count(6), 0.5, 3, type);

export const WRITTEN: Record<string, () => unknown> = {
  tensor: () => count(6).view([2, 3]),
  typed: () => each(TYPED),
  untyped: () => each(UNTYPED),
  number: () => torch.tensor(3.5),
  nothing: () => [torch.empty([0]), torch.empty([2, 0, 3])],
  transposed: () => count(6).view([2, 3]).t(),
  channels_last: () => count(24).view([1, 2, 3, 4]).contiguous({ memoryFormat: torch.channelsLast }),
  strided: () => count(20).asStrided([5], [3], 2),
  expanded: () => count(1).expand([5, 4]),
  part: () => count(1000).narrow(0, 500, 3),
  views,
  parameter: () => new nn.Parameter(count(3)),
  frozen: () => new nn.Parameter(count(3), false),
  parameter_with_attributes: () => noted(new nn.Parameter(count(3)), { tag: 'x', scale: torch.float(2) }),
  tensor_with_attributes: () => noted(count(3), { tag: [1, 2], other: count(2) }),
  leaf: () => count(3).requiresGrad_(),
  conjugate: () => count(3).to(torch.complex64).conj(),
  negative: () => count(3).to(torch.complex64).conj().imag,
  coo: () => dense().toSparse(),
  csr: () => dense().toSparseCsr(),
  csc: () => dense().toSparseCsc(),
  bsr: () => dense().toSparseBsr([1, 2]),
  bsc: () => dense().toSparseBsc([2, 2]),
  quantized: () => quantized(torch.quint8),
  quantized_signed: () => quantized(torch.qint8),
  quantized_by_channel: () =>
    torch.quantizePerChannel(
      count(6).view([3, 2]),
      torch.tensor([0.5, 0.25]),
      torch.tensor([1n, 2n]),
      1,
      torch.qint8,
    ),
  meta: () => torch.empty([2, 3], { device: 'meta', dtype: torch.float16 }),
  state_dict: () => new nn.Sequential(new nn.Conv2d(3, 4, 3), new nn.BatchNorm2d(4)).stateDict(),
  training,
  ints: () => [0, 255, 256, 65536, -1, 2147483648, -2147483649, 9007199254740991, -(1n << 63n), 1n << 200n],
  floats: () => [
    torch.float(0),
    torch.float(1),
    -0,
    0.1,
    1e300,
    Infinity,
    NaN,
    Tuple.of<unknown>(torch.float(2), 3),
  ],
  strings: () => ['', 'é', '\u{1f600}', 'nul\0in', '\ud800', 'a'.repeat(300)],
  bytes: () => [new Uint8Array([0, 255]), new ByteArray([120]), new Uint8Array()],
  tuples: () =>
    Tuple.of<unknown>(Tuple.of(1), Tuple.of(1, 2), Tuple.of(1, 2, 3), Tuple.of(1, 2, 3, 4), [Tuple.of(1)]),
  containers: () => map({ l: [[[]], new Map()], d: map({ a: new Map() }), s: new Set([1, 2]) }),
  keys: () =>
    new Map<unknown, unknown>([
      [1, 'int'],
      ['1', 'str'],
      [null, 0],
      [1.5, 0],
      [Tuple.of(1, 2), 0],
      ['__proto__', 0],
    ]),
  attributes: withAttributes,
  counter: () =>
    new Counter([
      ['a', 2],
      ['b', 1],
    ]),
  of_torch: () => [Size.from([1, 2]), torch.float16, torch.device('cuda:1'), torch.sparseCsr, torch.uint16],
  complex: () => [new torch.Complex(1, -2), new torch.Complex(0, -0)],
  storages: () =>
    map({
      untyped: new Storage(count(3, torch.uint8)),
      typed: new Storage(torch.ones([2]).view(torch.uint8), torch.float32),
    }),
  circle,
  same: shared,
  many: () => new Map(Array.from({ length: 1200 }, (_, i) => [`layer.${i}`, torch.tensor([i])])),
};
