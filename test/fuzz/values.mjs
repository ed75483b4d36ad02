// What a careless or hostile program may pass. Every value is drawn from the seed.

import * as torch from 'libtorch-node';

/** Small and fast, and the same on each machine (mulberry32). */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const all = { ...torch };
const dtypes =
  'float32 float64 float16 bfloat16 int64 int32 int16 int8 uint8 bool complex64 complex128'.split(' ');
const shapes = [[], [0], [1], [3], [2, 3], [3, 3], [1, 2, 3], [2, 3, 4, 4], [0, 3], [2, 0, 2]];
const numbers = [
  ...[0, -0, 1, -1, 2, 3, 0.5, -2, 7, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ...[2 ** 40, -(2 ** 31), 2 ** 53, 2 ** 62, -(2 ** 63), 1e300, 5e-324],
];
const bigints = [0n, 1n, -1n, 2n ** 40n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 64n, 2n ** 200n];
const strings = [
  '',
  'a',
  'mean',
  'sum',
  'none',
  'cpu',
  'cuda',
  'cuda:0',
  'meta',
  'meta:99',
  'float32',
  '\u0000',
  'ij,jk->ik',
  '\ud800',
  'x'.repeat(300),
];
const names = [
  'dim',
  'keepdim',
  'out',
  'dtype',
  'device',
  'other',
  'alpha',
  'size',
  'weight',
  'self',
  'input',
  'p',
  'nope',
  '__proto__',
  'requiresGrad',
];

const throwing = () =>
  new Proxy(
    {},
    {
      get(_, key) {
        if (key === 'constructor') return Object;
        throw new RangeError('a trap');
      },
      ownKeys() {
        throw new RangeError('a trap');
      },
    },
  );

/** Generators of arguments over one source of random numbers. */
export function valuesFrom(next) {
  const pick = (list) => list[Math.floor(next() * list.length)];
  const chance = (p) => next() < p;

  function tensor() {
    const shape = pick(shapes);
    const dtype = all[pick(dtypes)];
    const made = torch.ones(shape, { dtype });
    if (chance(0.2) && shape.length > 1) return made.transpose(0, 1);
    if (chance(0.1)) return torch.ones([1], { dtype }).expand(shape);
    if (chance(0.05)) return torch.ones(shape, { dtype, device: 'meta' });
    if (chance(0.05)) return made.toSparse?.() ?? made;
    if (chance(0.1) && dtype.isFloatingPoint) return made.requiresGrad_();
    if (chance(0.05) && dtype.isFloatingPoint) return made.fill_(Number.NaN);
    if (chance(0.15) && !dtype.isFloatingPoint && !dtype.isComplex) return made.mul_(pick([-1, 0, 5, 100]));
    return made;
  }

  function disposed() {
    const made = torch.ones([2]);
    made.dispose();
    return made;
  }

  const array = (depth) => Array.from({ length: Math.floor(next() * 4) }, () => value(depth + 1));

  function hostile(depth) {
    return pick([
      () => Object.create(torch.Tensor.prototype),
      () => new Proxy(tensor(), {}),
      () => Object.freeze(tensor()),
      () => Object.freeze(array(depth)),
      () => new Proxy(array(depth), {}),
      throwing,
      () => new Date(0),
      () => new Map([[value(3), value(3)]]),
      () => new Set([value(3)]),
      () => Symbol('s'),
      () => () => 1,
      () => class {},
      () => new (class Tensor {})(),
      () => Object.create(null),
      () => new SharedArrayBuffer(8),
      () => new DataView(new ArrayBuffer(8)),
      () => ({ length: 1e9 }),
      () => ({ length: -1, 0: 1 }),
      () => Object.assign([], { length: 3 }),
      () => globalThis,
      () => torch,
      () => ({
        get dim() {
          torch.ones([2]);
          return 0;
        },
      }),
      () => ({ valueOf: () => 3 }),
    ])();
  }

  function value(depth = 0) {
    const at = next();
    if (at < 0.4) return tensor();
    if (at < 0.58) return pick(numbers);
    if (at < 0.63) return pick(bigints);
    if (at < 0.68) return pick(strings);
    if (at < 0.73) return chance(0.5);
    if (at < 0.78) return pick([null, undefined]);
    if (at < 0.88) return depth < 3 ? array(depth) : [];
    if (at < 0.9) return all[pick(dtypes)];
    if (at < 0.92) return disposed();
    if (at < 0.93)
      return pick([new Float32Array(3), new BigInt64Array(2), new Uint8Array(0), new Float64Array(1)]);
    if (at < 0.94)
      return pick([
        new torch.Complex(1, -1),
        torch.float(1),
        torch.device('cpu'),
        torch.strided,
        torch.channelsLast,
        torch.defaultGenerator,
      ]);
    return hostile(depth);
  }

  function options() {
    const made = {};
    for (let i = Math.floor(next() * 3); i >= 0; i--) {
      Object.defineProperty(made, pick(names), { value: value(1), enumerable: true, configurable: true });
    }
    return made;
  }

  /** Like what a program passes: kernels are reached only by calls that are nearly right. */
  function plausible() {
    const shape = pick(shapes);
    const dtype = chance(0.7) ? torch.float32 : all[pick(dtypes)];
    return Array.from({ length: 1 + Math.floor(next() * 3) }, (_, i) => {
      if (i === 0 || chance(0.4)) return torch.ones(shape, { dtype });
      if (chance(0.6)) return pick([0, 1, -1, 2, 3, 0.5]);
      return pick([true, [0], [1, 1], [2, 2], torch.tensor([0n, 1n]), 'mean', null]);
    });
  }

  /** Now and then by name; mostly a tensor first. */
  function list() {
    if (chance(0.5)) return plausible();
    const given = Array.from({ length: Math.floor(next() * 5) }, () => value());
    if (given.length > 0 && chance(0.6)) given[0] = tensor();
    if (chance(0.2)) given.push(options());
    return given;
  }

  return { list, pick, tensor };
}

/** One line for a report. */
export function shown(value, depth = 0) {
  try {
    if (torch.isTensor(value)) {
      if (value.disposed) return 'disposed';
      return `${value.dtype.name}[${value.shape}]${value.requiresGrad ? 'g' : ''}@${value.device}${value.isContiguous?.() ? '' : '~'}`;
    }
    if (Array.isArray(value) && depth < 3)
      return `[${value.slice(0, 4).map((item) => shown(item, depth + 1))}]`;
    if (typeof value === 'bigint') return `${value}n`;
    if (typeof value === 'string') return JSON.stringify(value.slice(0, 20));
    if (typeof value === 'function') return 'function';
    if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
      const entries = Object.entries(value).slice(0, 4);
      return `{${entries.map(([key, item]) => `${key}: ${depth < 2 ? shown(item, depth + 1) : '…'}`)}}`;
    }
    if (Object.is(value, -0)) return '-0';
    return typeof value === 'object' && value !== null
      ? (value.constructor?.name ?? 'object')
      : String(value);
  } catch {
    return 'unprintable';
  }
}
