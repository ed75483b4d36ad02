import * as torch from 'libtorch-node';
import { expect, test } from 'vitest';
import { runPython } from './live-python.js';

const { assertClose } = torch.testing;
const t = (data: torch.TensorData, dtype?: torch.DType) => torch.tensor(data, { dtype });
const { float64, int64 } = torch;

type Options = Parameters<typeof assertClose>[2];
const cases: [actual: torch.Tensor, expected: torch.Tensor, options?: Options, python?: string][] = [
  [t([1, 2, 4]), t([1, 2, 3])],
  [
    t([
      [1, 2],
      [3, 5],
    ]),
    t([
      [1, 2.5],
      [0, 5],
    ]),
  ],
  [t([1, 2], float64), t([1, 2.1], float64), { rtol: 0, atol: 0.01 }, 'rtol=0, atol=0.01'],
  [t([1, 2], int64), t([1, 5], int64)],
  [t(1.5), t(1)],
  [t(1), t(0)],
  [t(true), t(false)],
  [t([1, 2]), t([1, 2, 3])],
  [t([1, 2]), t([1, 2], float64)],
  [t([NaN]), t([NaN])],
];

test('what differs is said as torch.testing.assert_close says it', () => {
  const script = `import torch
def told(actual, expected, dtypes, options):
    make = lambda data, dtype: torch.tensor(eval(data, {'NaN': float('nan'), 'true': True, 'false': False}), dtype=getattr(torch, dtype))
    try: eval(f'torch.testing.assert_close(a, e, {options})', {'torch': torch, 'a': make(actual, dtypes[0]), 'e': make(expected, dtypes[1])})
    except AssertionError as error: return str(error)
print(json.dumps([told(*case) for case in input]))`;
  const text = (x: torch.Tensor) => JSON.stringify(x.tolist()).replaceAll('null', 'NaN');
  const input = cases.map(([a, e, , python = '']) => [
    text(a),
    text(e),
    [a.dtype.name, e.dtype.name],
    python,
  ]);
  const theirs = runPython<string[]>(script, input);
  cases.forEach(([actual, expected, options], i) => {
    let message: string | undefined;
    try {
      assertClose(actual, expected, options);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toBe(theirs[i]);
  });
});

test('close tensors, and containers of them, pass', () => {
  assertClose(t([1, 2]), t([1, 2 + 1e-7]));
  assertClose(t([NaN]), t([NaN]), { equalNan: true });
  assertClose({ a: [t([1]), 2] }, { a: [t([1]), 2] });
  expect(() => assertClose([t([1]), t([2])], [t([1]), t([3])])).toThrow(/item \[1\]$/);
  expect(() => assertClose(t([1]), t([1]), { rtol: 0 })).toThrow(torch.ValueError);
});
