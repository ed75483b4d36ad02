// Calls that Python's pickler would never write: live Python puts them into files by hand.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'libtorch-node';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { runPython } from '../live-python.js';

const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The call, in Python, and the error that it has to be. */
const CALLS: Record<string, readonly [call: string, kind: string, message: RegExp]> = {
  'a nested tensor past its buffer': [
    '(u._rebuild_nested_tensor, (f(3), i([[5]]), i([[1]]), i([0])))',
    'BadTensorError',
    /part 0 .* past its buffer/,
  ],
  'a nested tensor far off': [
    '(u._rebuild_nested_tensor, (f(3), i([[1]]), i([[1]]), i([2**40])))',
    'BadTensorError',
    /past its buffer/,
  ],
  'a nested tensor backwards': [
    '(u._rebuild_nested_tensor, (f(3), i([[2]]), i([[-1]]), i([1])))',
    'BadTensorError',
    /past its buffer/,
  ],
  'a nested tensor that overflows': [
    '(u._rebuild_nested_tensor, (f(3), i([[2**62, 4]]), i([[4, 1]]), i([0])))',
    'BadTensorError',
    /past its buffer/,
  ],
  'nested tables of another shape': [
    '(u._rebuild_nested_tensor, (f(3), i([[1]]), i([[1, 1]]), i([0])))',
    'BadTensorError',
    /contradict/,
  ],
  'nested tables of floats': [
    '(u._rebuild_nested_tensor, (f(3), f(1).view(1, 1), i([[1]]), i([0])))',
    'BadTensorError',
    /incomplete/,
  ],
  'nested tables without end': [
    '(u._rebuild_nested_tensor, (f(3), i([[0]]).expand(2**40, 1), i([[1]]).expand(2**40, 1), i([0]).expand(2**40)))',
    'BadTensorError',
    /incomplete/,
  ],
  'a quantized tensor past its storage': [
    '(u._rebuild_qtensor, (q, 0, (9,), (1,), (torch.per_tensor_affine, 0.5, 0), False, {}))',
    'BadTensorError',
    /reaches past/,
  ],
  'a quantized tensor of floats': [
    '(u._rebuild_qtensor, (f(4)._typed_storage(), 0, (4,), (1,), (torch.per_tensor_affine, 0.5, 0), False, {}))',
    'BadTensorError',
    /no storage of integers/,
  ],
  'a quantized tensor with too few scales': [
    '(u._rebuild_qtensor, (q, 0, (4,), (1,), (torch.per_channel_affine, f(1), i([0]), 0), False, {}))',
    'BadTensorError',
    /axis 0, 1 scales/,
  ],
  'a quantized tensor with a far axis': [
    '(u._rebuild_qtensor, (q, 0, (4,), (1,), (torch.per_channel_affine, f(4), i([0] * 4), 7), False, {}))',
    'BadTensorError',
    /axis 7/,
  ],
  'a quantized tensor of no scheme': [
    '(u._rebuild_qtensor, (q, 0, (4,), (1,), (99, 0.5, 0), False, {}))',
    'BadTensorError',
    /no scheme/,
  ],
  'a sparse index outside': [
    '(u._rebuild_sparse_tensor, (torch.sparse_coo, (i([[9]]), f(1), torch.Size([2]))))',
    'BadTensorError',
    /contradicts itself/,
  ],
  'sparse values without end': [
    '(u._rebuild_sparse_tensor, (torch.sparse_coo, (i([[0]]).expand(1, 2**40), f(1).expand(2**40), torch.Size([2]))))',
    'BadTensorError',
    /incomplete/,
  ],
  'sparse rows that decrease': [
    '(u._rebuild_sparse_tensor, (torch.sparse_csr, (i([0, 2, 1]), i([0]), f(1), torch.Size([2, 2]))))',
    'BadTensorError',
    /contradicts itself/,
  ],
  'a meta tensor that overflows': [
    '(u._rebuild_meta_tensor_no_storage, (torch.float32, (2**52, 2**52), (1, 1), False))',
    'BadTensorError',
    /overflow/,
  ],
  'a tensor of floats that are sizes': [
    '(u._rebuild_tensor_v2, (f(4)._typed_storage(), 0, (4.0,), (1,), False, {}))',
    'BadTensorError',
    /no proper offset, size or stride/,
  ],
  'a tensor of 2^80 elements': [
    '(u._rebuild_tensor_v2, (f(4)._typed_storage(), 0, (2**40, 2**40), (0, 0), False, {}))',
    'BadTensorError',
    /overflow/,
  ],
  'a Parameter of a number': ['(u._rebuild_parameter, (1, True, {}))', 'BadTensorError', /not a tensor/],
  'attributes that are a list': [
    '(u._rebuild_parameter_with_state, (f(1), True, {}, [1]))',
    'BadTensorError',
    /not a dict/,
  ],
  'attributes of attributes': [
    '(t._rebuild_from_type_v2, (t._rebuild_from_type_v2, torch.Tensor, (), {}))',
    'BadTensorError',
    /not a tensor/,
  ],
  'a wrapper subclass': [
    '(u._rebuild_wrapper_subclass, (torch.Tensor,))',
    'ForbiddenGlobalError',
    /_rebuild_wrapper_subclass/,
  ],
  'a NumPy array that is too short': [
    '(n._frombuffer, (b"abc", numpy.dtype("f4"), (5,), "C"))',
    'BadTensorError',
    /needs 20 bytes, not 3/,
  ],
  'a NumPy array that is huge': [
    '(n._frombuffer, (b"abc", numpy.dtype("f4"), (2**62, 4), "C"))',
    'BadTensorError',
    /no proper shape|needs/,
  ],
  'NumPy objects': ['(m.scalar, (numpy.dtype("O"), b"cos"))', 'UnsupportedCheckpointError', /Python objects/],
  'NumPy long doubles': ['(m.scalar, (numpy.dtype("g"), b"0" * 16))', 'UnsupportedCheckpointError', /f16/],
  'memory by a number': [
    '(bytearray, (2**40,))',
    'ForbiddenGlobalError',
    /builtins.bytearray of something that is not bytes/,
  ],
  'a storage by a number': ['(torch.FloatStorage, (2**40,))', 'ForbiddenGlobalError', /storage class/],
  'a tensor by a number': ['(torch.FloatTensor, (2**40,))', 'BadPickleError', /called with arguments/],
  'seventeen arguments': ['(set, tuple(range(17)))', 'BadPickleError', /called with 17 arguments/],
  'a range of strings': ['(range, ("a",))', 'BadPickleError', /integers/],
};

beforeAll(() => {
  runPython(
    `
import collections, torch, numpy, warnings
warnings.simplefilter("ignore")
import torch._utils as u, torch._tensor as t, numpy._core.numeric as n, numpy._core.multiarray as m
f = lambda size: torch.ones(size)
i = lambda values: torch.tensor(values)
q = torch.quantize_per_tensor(f(4), 0.5, 0, torch.quint8)._typed_storage()
class Call:
    def __init__(self, call): self.call = call
    def __reduce__(self): return self.call
for index, call in enumerate(input["calls"]):
    torch.save({"model": [Call(eval(call))]}, f"{input['folder']}/{index}.pt")
print("null")
`,
    { folder, calls: Object.values(CALLS).map(([call]) => call) },
  );
});

it.each(
  Object.entries(CALLS).map(([name, [, kind, message]], index) => [name, index, kind, message] as const),
)('%s', (_, index, kind, message) => {
  let caught: unknown;
  try {
    torch.load(join(folder, `${index}.pt`));
  } catch (error) {
    caught = error;
  }
  const { name, message: text, path } = caught as torch.serialization.CheckpointError;
  expect([name, text]).toEqual([kind, expect.stringMatching(message)]);
  if (kind === 'BadTensorError') expect(path).toEqual(['model', 0]);
});
