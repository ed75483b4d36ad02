import * as torch from 'libtorch-node';

const { OrderedDict, Tuple } = torch.serialization;
const { Parameter } = torch.nn;

const count = (n: number, dtype = torch.float32) => torch.arange(n, { dtype: torch.int64 }).to(dtype);
const range = (n: number) => Array.from({ length: n }, (_, i) => i);
const numbered = (n: number) => range(n).map((i) => [`k${i}`, i] as const);

const DTYPES = (
  'float64 float32 float16 bfloat16 int64 int32 int16 int8 uint8 bool complex64 complex128 complex32 ' +
  'uint16 uint32 uint64 float8_e5m2 float8_e4m3fn float8_e5m2fnuz float8_e4m3fnuz'
).split(' ');

export function dtypeNamed(name: string): torch.DType {
  return (torch as unknown as Record<string, torch.DType>)[name] as torch.DType;
}

function stateDict(): unknown {
  const values = new OrderedDict<string, torch.Tensor>([
    ['weight', count(4)],
    ['bias', count(2)],
    ['bn.num_batches_tracked', torch.tensor(3n)],
  ]);
  values.metadata = new OrderedDict([
    ['', new Map([['version', 1]])],
    ['bn', new Map([['version', 2]])],
  ]);
  return values;
}

function shared(): unknown {
  const [base, items] = [count(10), [1]];
  return {
    a: base,
    same: base,
    rows: base.view([2, 5]),
    part: base.narrow(0, 3, 4),
    turned: base.view([2, 5]).t(),
    list: items,
    'same list': items,
  };
}

/** The values of tools/golden/checkpoints.py, under the names of their files. */
export const VALUES: Record<string, () => unknown> = {
  tensor: () => count(6).view([2, 3]),
  state_dict: stateDict,
  // A Map: an object would put the keys that are numbers first.
  scalars: () =>
    new Map<string, unknown>([
      ['int', 1],
      ['float', torch.float(1)],
      ['true', true],
      ['false', false],
      ['none', null],
      ['negative', -5],
      ['255', 255],
      ['256', 256],
      ['65535', 65535],
      ['65536', 65536],
      ['2^31-1', 2147483647],
      ['2^31', 2147483648],
      ['-2^31', -2147483648],
      ['-2^31-1', -2147483649],
      ['2^53-1', Number.MAX_SAFE_INTEGER],
      ['2^70', 1n << 70n],
      ['-2^70', -(1n << 70n)],
      ['-2^39', -(1n << 39n)],
      ['-2^63', -(1n << 63n)],
      ['tenth', 0.1],
      ['nan', NaN],
      ['inf', Infinity],
      ['-inf', -Infinity],
      ['-0', -0],
      ['1e300', 1e300],
      ['text', 'h\u00e9\u{1F600}'],
      ['no text', ''],
      ['surrogate', 'a\ud800b'],
    ]),
  containers: () => ({
    '[]': [],
    '[1]': [1],
    '[1,2]': [1, 2],
    '{}': {},
    '{one}': { a: 1 },
    keys: new Map<unknown, string>([
      [1, 'int'],
      ['1', 'str'],
      [null, 'none'],
      [1.5, 'float'],
      [Tuple.of(), 'tuple'],
    ]),
    '()': Tuple.of(),
    '(1)': Tuple.of(1),
    '(3)': Tuple.of<unknown>(1, 2.5, 'a'),
    '(4)': Tuple.of(1, 2, 3, 4),
    set: new Set([1, 2]),
    nested: [[[]]],
  }),
  shared,
  dtypes: () => new Map(DTYPES.map((name) => [name, count(4, dtypeNamed(name))])),
  objects: () => ({
    dtype: torch.float32,
    other: torch.bfloat16,
    second: torch.device('cuda:1'),
    plain: torch.device('meta'),
  }),
  parameters: () => ({
    p: new Parameter(count(4)),
    frozen: new Parameter(count(4), false),
    leaf: count(3).requiresGrad_(),
    conjugate: count(4).to(torch.complex64).conj(),
    negative: count(4).to(torch.complex64).conj().imag,
  }),
  empty: () => ({
    none: torch.empty([0]),
    box: torch.empty([2, 0, 3]),
    scalar: torch.tensor(3.5),
    channels_last: count(24).view([1, 2, 3, 4]).contiguous({ memoryFormat: torch.channelsLast }),
  }),
  dict_1000: () => new Map(numbered(1000)),
  ordered_1001: () => new OrderedDict(numbered(1001)),
  list_2001: () => range(2001),
};
