import * as torch from 'libtorch-node';
import { expect, test } from 'vitest';
import { runPython } from './live-python.js';
import { hexFloat } from './parity/flat.js';

const floats = [
  'float16',
  'bfloat16',
  'float32',
  'float64',
  'float8_e5m2',
  'float8_e4m3fn',
  'complex64',
] as const;
const integers = ['uint8', 'int8', 'int16', 'int32', 'int64', 'uint16', 'uint32', 'uint64'] as const;

test('finfo and iinfo know what Python knows', () => {
  const theirs = runPython<{ floats: unknown; integers: unknown }>(
    `
import torch
def floats(d):
    i = torch.finfo(getattr(torch, d))
    return [i.bits, i.dtype, *(float(v).hex() for v in (i.eps, i.max, i.min, i.smallest_normal, i.tiny, i.resolution))]
def integers(d):
    i = torch.iinfo(getattr(torch, d))
    return [i.bits, i.dtype, str(i.max), str(i.min)]
print(json.dumps({"floats": [floats(d) for d in input[0]], "integers": [integers(d) for d in input[1]]}))`,
    [floats, integers],
  );
  const ours = {
    floats: floats.map((name) => {
      const { bits, dtype, ...numbers } = torch.finfo(Reflect.get(torch, name) as torch.DType);
      return [bits, dtype.name, ...Object.values(numbers).map(hexFloat)];
    }),
    integers: integers.map((name) => {
      const { bits, dtype, max, min } = torch.iinfo(Reflect.get(torch, name) as torch.DType);
      return [bits, dtype.name, String(max), String(min)];
    }),
  };
  expect(ours).toEqual(theirs);
});

test('a dtype of the other kind is refused', () => {
  expect(() => torch.finfo(torch.int64)).toThrow(
    /^torch.finfo\(\) requires a floating point input type, not torch.int64/,
  );
  expect(() => torch.iinfo(torch.float32)).toThrow(
    /^torch.iinfo\(\) requires an integer input type, not torch.float32/,
  );
  expect(() => torch.iinfo(torch.bool)).toThrow(TypeError);
});

test('Python has dtypes and constants under short names too', () => {
  expect([torch.long, torch.int, torch.short, torch.double, torch.half, torch.cfloat, torch.cdouble]).toEqual(
    [torch.int64, torch.int32, torch.int16, torch.float64, torch.float16, torch.complex64, torch.complex128],
  );
  expect([torch.pi, torch.e, torch.inf, torch.nan]).toEqual([Math.PI, Math.E, Infinity, Number.NaN]);
});
