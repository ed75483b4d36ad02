import * as torch from 'libtorch-node';
import { Parameter } from 'libtorch-node/nn';
import { afterEach, expect, test } from 'vitest';
import { runPython } from '../live-python.js';

afterEach(() => torch.setPrintoptions({ profile: 'default' }));

interface Printed {
  dtype: string;
  shape: number[];
  bytes: string;
  options: Parameters<typeof torch.setPrintoptions>[0];
  repr: string;
}

const generate = `
import torch, math
torch.manual_seed(3)
floats = [torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.float8_e5m2, torch.float8_e4m3fn]
ints = [torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.uint16, torch.uint32, torch.uint64]
complexes = [torch.complex64, torch.complex128, torch.complex32]
shapes = [(), (1,), (3,), (7,), (30,), (100,), (1001,), (2, 3), (3, 1, 4), (1, 1), (2, 2, 2, 3), (40, 40), (5, 300),
          (2, 3, 200), (7, 7, 30), (12, 2, 60), (1, 1200), (1200, 1)]
def values(dtype, shape, k):
    if dtype == torch.bool:
        return torch.rand(shape) > 0.5
    if dtype in ints:
        low = 0 if dtype.is_signed == False else -100
        x = torch.randint(low, [2, 10, 100, 100][k % 4], shape)
        return x.to(dtype)
    if dtype.is_complex:
        wide = torch.complex(values(torch.float64, shape, k), values(torch.float64, shape, k + 1))
        return wide.to(dtype)
    x = torch.randn(shape, dtype=torch.float64)
    x = [x, x * 1e-3, (x * 100).round(), x * 1e5, x * 1e-6, (x * 3).round() / 8, (x * 1e9).round(),
         x.exp() * 1e4, x * 0][k % 9]
    if k % 2 and x.dim() > 0:
        x.view(-1)[0] = [math.nan, math.inf, -math.inf, -0.0, 0.0][k // 2 % 5]
        x.view(-1)[-1] = [0.0, math.nan, 1.0, -math.inf, -0.0][k // 3 % 5]
    return x.to(dtype)
def entry(x, options):
    torch.set_printoptions(profile='default')
    torch.set_printoptions(**options)
    data = x.contiguous()
    raw = bytes(data.reshape(-1).view(torch.uint8).tolist())
    return dict(dtype=str(x.dtype)[6:], shape=list(x.shape), bytes=raw.hex(), options=options, repr=repr(x))
all_options = [{}, {}, {}, dict(precision=2), dict(precision=8, linewidth=120), dict(threshold=5),
               dict(threshold=5, edgeitems=1), dict(sci_mode=True), dict(sci_mode=False), dict(profile='short'),
               dict(linewidth=30), dict(threshold=0, edgeitems=0), dict(precision=0), dict(profile='full')]
out, k = [], 0
for dtype in floats + ints + [torch.bool] + complexes:
    for shape in shapes:
        for _ in range(3 if dtype in floats else 1):
            options = all_options[k % len(all_options)]
            if options.get('profile') == 'full' and len(shape) and math.prod(shape) > 1100: options = {}
            out.append(entry(values(dtype, shape, k // 2 + k % 5), options))
            k += 1
print(json.dumps(out))
`;

const camel: Record<string, string> = { sci_mode: 'sciMode' };

function rebuilt({ dtype, shape, bytes }: Printed): torch.Tensor {
  const type = torch.dtypes.find(({ name }) => name === dtype) as torch.DType;
  return torch
    .tensor(new Uint8Array(Buffer.from(bytes, 'hex')))
    .view(type)
    .reshape(shape);
}

test('every dtype, shape and option, character for character', () => {
  const cases = runPython<Printed[]>(generate);
  expect(cases.length).toBeGreaterThan(500);
  for (const one of cases) {
    const options = Object.entries(one.options ?? {}).map(([key, value]) => [camel[key] ?? key, value]);
    torch.setPrintoptions({ profile: 'default' });
    torch.setPrintoptions(Object.fromEntries(options));
    expect(`${JSON.stringify(one.options)} ${String(rebuilt(one))}`).toBe(
      `${JSON.stringify(one.options)} ${one.repr}`,
    );
  }
});

/** The same tensor in both languages. */
const twins: [string, () => torch.Tensor][] = [
  ['torch.tensor([1., 2.], requires_grad=True)', () => torch.tensor([1, 2], { requiresGrad: true })],
  [
    'torch.tensor([1., 2.], requires_grad=True) + 1',
    () => torch.tensor([1, 2], { requiresGrad: true }).add(1),
  ],
  [
    'torch.ones(3, requires_grad=True).exp()[None]',
    () => torch.ones(3, { requiresGrad: true }).exp().unsqueeze(0),
  ],
  [
    'torch.ones(3, requires_grad=True).clone().mul_(2).sum()',
    () => torch.ones(3, { requiresGrad: true }).clone().mul_(2).sum(),
  ],
  [
    'torch.ones(2, 40, requires_grad=True).view(-1).split(40)[1]',
    () => torch.ones(2, 40, { requiresGrad: true }).view(-1).split(40)[1] as torch.Tensor,
  ],
  ['torch.empty(0)', () => torch.empty([0])],
  ['torch.empty(0, 3)', () => torch.empty([0, 3])],
  ['torch.empty(0, dtype=torch.int64)', () => torch.empty([0], { dtype: torch.int64 })],
  ['torch.empty(2, 0, dtype=torch.bool)', () => torch.empty([2, 0], { dtype: torch.bool })],
  ['torch.empty(2, 3, device="meta")', () => torch.empty([2, 3], { device: 'meta' })],
  [
    'torch.empty((), device="meta", dtype=torch.int64)',
    () => torch.empty([], { device: 'meta', dtype: torch.int64 }),
  ],
  ['torch.arange(12.).view(3, 4).t()', () => torch.arange(12, { dtype: torch.float32 }).view(3, 4).t()],
  [
    'torch.arange(5000.).view(50, 100).t()',
    () => torch.arange(5000, { dtype: torch.float32 }).view(50, 100).t(),
  ],
  ['torch.arange(3000)[::2]', () => torch.arange(3000).slice(0, null, null, 2)],
  ['torch.ones(1).expand(2000)', () => torch.ones(1).expand(2000)],
  [
    'torch.complex(torch.arange(3.), torch.arange(3.)).conj()',
    () =>
      torch
        .complex(torch.arange(3, { dtype: torch.float32 }), torch.arange(3, { dtype: torch.float32 }))
        .conj(),
  ],
  [
    'torch.complex(torch.arange(3000.), torch.ones(3000)).conj()',
    () => torch.complex(torch.arange(3000, { dtype: torch.float32 }), torch.ones(3000)).conj(),
  ],
  [
    'torch.complex(torch.ones(3000), torch.arange(3000.)).conj().imag',
    () => torch.complex(torch.ones(3000), torch.arange(3000, { dtype: torch.float32 })).conj().imag,
  ],
  ['torch._efficientzerotensor(3)', () => torch.aten._efficientzerotensor([3])],
  ['torch.tensor([1.5, 1500.])', () => torch.tensor([1.5, 1500])],
  ['torch.tensor([1.5, 1500.1])', () => torch.tensor([1.5, 1500.1])],
  [
    'torch.tensor([99999999.5, 1e8], dtype=torch.float64)',
    () => torch.tensor([99999999.5, 1e8], { dtype: torch.float64 }),
  ],
  ['torch.tensor([1e8 + 1], dtype=torch.float64)', () => torch.tensor([1e8 + 1], { dtype: torch.float64 })],
  ['torch.tensor([1e-4], dtype=torch.float64)', () => torch.tensor([1e-4], { dtype: torch.float64 })],
  ['torch.tensor([1e-4])', () => torch.tensor([1e-4])],
  ['torch.tensor(3.5)', () => torch.tensor(3.5)],
  ['torch.tensor(-0.0)', () => torch.tensor(-0)],
  ['torch.tensor(7)', () => torch.tensor(7n)],
  ['torch.tensor(True)', () => torch.tensor(true)],
  ['torch.tensor(2**63 - 1)', () => torch.tensor(2n ** 63n - 1n)],
  ['torch.tensor([float("nan")])', () => torch.tensor([Number.NaN])],
  [
    'torch.tensor([[1., 0.], [0., 2.]]).to_sparse()',
    () =>
      torch
        .tensor([
          [1, 0],
          [0, 2],
        ])
        .toSparse(),
  ],
  ['torch.zeros(2, 3).to_sparse()', () => torch.zeros(2, 3).toSparse()],
  ['torch.eye(4, dtype=torch.float64).to_sparse()', () => torch.eye(4, { dtype: torch.float64 }).toSparse()],
  ['torch.eye(3).to_sparse_csr()', () => torch.eye(3).toSparseCsr()],
  ['torch.eye(3).to_sparse_csc()', () => torch.eye(3).toSparseCsc()],
  ['torch.eye(4).to_sparse_bsr((2, 2))', () => torch.eye(4).toSparseBsr([2, 2])],
  ['torch.ones(2, 2).to_mkldnn()', () => torch.ones(2, 2).toMkldnn()],
  [
    'torch.quantize_per_tensor(torch.tensor([1., 2., 3.5]), 0.1, 2, torch.quint8)',
    () => torch.quantizePerTensor(torch.tensor([1, 2, 3.5]), 0.1, 2, torch.quint8),
  ],
  [
    'torch.quantize_per_channel(torch.ones(2, 2), torch.tensor([.1, .2]), torch.tensor([0, 1]), 0, torch.qint8)',
    () => {
      const scales = torch.tensor([0.1, 0.2]);
      return torch.quantizePerChannel(torch.ones(2, 2), scales, torch.tensor([0n, 1n]), 0, torch.qint8);
    },
  ],
  ['torch.nn.Parameter(torch.ones(2, 2))', () => new Parameter(torch.ones(2, 2))],
  ['torch.nn.Parameter(torch.ones(2), requires_grad=False)', () => new Parameter(torch.ones(2), false)],
];

test('autograd, empty, meta, strided, sparse, quantized tensors and parameters', () => {
  const script = `
import torch, warnings
warnings.simplefilter('ignore')
print(json.dumps([repr(eval(source)) for source in input]))`;
  const sources = twins.map(([source]) => source);
  const reprs = runPython<string[]>(script, sources);
  for (const [i, [source, make]] of twins.entries()) {
    expect(`${source}: ${String(make())}`).toBe(`${source}: ${reprs[i]}`);
  }
});

test('another default dtype', () => {
  torch.setDefaultDtype(torch.float64);
  try {
    expect(String(torch.zeros(2))).toBe(
      'tensor([0., 0.], dtype=torch.float64)'.replace(', dtype=torch.float64', ''),
    );
    expect(String(torch.zeros(2, { dtype: torch.float32 }))).toBe('tensor([0., 0.], dtype=torch.float32)');
    expect(String(torch.zeros([0], { dtype: torch.float32 }))).toBe('tensor([], dtype=torch.float32)');
  } finally {
    torch.setDefaultDtype(torch.float32);
  }
});

test('printing a large tensor copies only what is shown and leaves nothing behind', () => {
  const large = torch.ones(4000, 1000);
  const { allocations } = torch.memoryStats();
  const live = torch.liveTensors();
  const before = torch.memoryStats().liveBytes;
  torch.resetPeakMemory();
  String(large.t());
  expect(torch.liveTensors()).toBe(live + 1); // large.t()
  expect(torch.memoryStats().peakBytes - before).toBeLessThan(100_000);
  expect(torch.memoryStats().allocations - allocations).toBeLessThan(20);
});

test('options: a profile, and for one call', () => {
  const x = torch.tensor([1 / 3]);
  torch.setPrintoptions({ precision: 2 });
  expect(String(x)).toBe('tensor([0.33])');
  expect(torch.printoptions({ precision: 6, sciMode: true }, () => String(x))).toBe('tensor([3.333333e-01])');
  expect(torch.getPrintoptions()).toEqual({
    precision: 2,
    threshold: 1000,
    edgeitems: 3,
    linewidth: 80,
    sciMode: null,
  });
});
