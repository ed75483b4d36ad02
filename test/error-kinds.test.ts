// The table that reads libtorch's words, over the texts that PyTorch's own tests provoke.

import { beforeAll, expect, test } from 'vitest';
import { textKind } from '../dist/error-kinds.js';
import { runPython } from './live-python.js';

let texts: string[];

beforeAll(() => {
  texts = runPython<string[]>(`
import types
stub = types.ModuleType('expecttest')
stub.TestCase = object
sys.modules['expecttest'] = stub
import torch
from torch.testing._internal.common_methods_invocations import op_db
texts = set()
for op in op_db:
    try:
        inputs = list(op.error_inputs(torch.device('cpu'))) if op.error_inputs_func else []
    except Exception:
        continue
    for wrong in inputs:
        sample = wrong.sample_input
        try:
            op(sample.input, *sample.args, **sample.kwargs)
        except RuntimeError as error:
            if type(error) is RuntimeError:
                texts.add(str(error).split(chr(10))[0])
        except Exception:
            pass
print(json.dumps(sorted(texts)))`);
}, 200_000);

const kindOf = (text: string) => textKind(text) ?? 'TorchError';

test("most of what PyTorch's tests provoke is told apart", () => {
  const counts: Record<string, number> = {};
  for (const text of texts) counts[kindOf(text)] = (counts[kindOf(text)] ?? 0) + 1;
  expect(texts.length).toBeGreaterThan(200);
  expect(counts.ShapeError).toBeGreaterThan(80);
  expect(counts.DtypeError).toBeGreaterThan(12);
  expect(counts.DeviceError).toBeGreaterThan(0);
  expect(counts.OutOfMemoryError).toBeUndefined();
});

test('a text that speaks of a shape, a dtype or a device is not a plain error', () => {
  const spoken: [RegExp, string][] = [
    [/\bshapes?\b|\bsize mismatch\b|number of dimensions|must match the size/, 'ShapeError'],
    [/expected .* to have \w* ?dtype|same dtype|scalar type/, 'DtypeError'],
    [/same device/, 'DeviceError'],
  ];
  for (const [pattern, kind] of spoken) {
    const matching = texts.filter((text) => pattern.test(text));
    expect(matching.length, `${pattern}`).toBeGreaterThan(0);
    expect(matching.filter((text) => kindOf(text) !== kind)).toEqual([]);
  }
});

test('values out of range are none of these', () => {
  const values = texts.filter((text) =>
    /must be nonzero|non-negative|greater than or equal to|found p=|sigma=/.test(text),
  );
  expect(values.length).toBeGreaterThan(5);
  expect(values.filter((text) => kindOf(text) !== 'TorchError')).toEqual([]);
});

test.each([
  ['mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)', 'ShapeError'],
  [
    'Expected all tensors to be on the same device, but found at least two devices, cpu and cuda:0!',
    'DeviceError',
  ],
  ['Torch not compiled with CUDA enabled', 'DeviceError'],
  ["result type Float can't be cast to the desired output type Long", 'DtypeError'],
  ['CUDA out of memory. Tried to allocate 2.00 GiB.', 'OutOfMemoryError'],
  ['Trying to backward through the graph a second time', 'TorchError'],
  ['element 0 of tensors does not require grad and does not have a grad_fn', 'TorchError'],
])('%s', (text, kind) => {
  expect(kindOf(text)).toBe(kind);
});
