import { math } from 'libtorch-node';
import { expect, test } from 'vitest';
import { runPython } from './live-python.js';
import { hexFloat } from './parity/flat.js';

const names = ['acos', 'asin', 'atan', 'cos', 'cosh', 'erf', 'erfc', 'exp', 'expm1'] as const;
const more = ['log', 'log10', 'log1p', 'log2', 'sin', 'sinh', 'sqrt', 'tan', 'tanh'] as const;
const functions = [...names, ...more];
const places = Array.from({ length: 200 }, (_, i) => (i + 1) / 201);

test('torch.math has the bits of Python, which Math has not', () => {
  const theirs = runPython<string[][]>(
    `
import math
rows = [[getattr(math, f)(x).hex() for x in input[1]] for f in input[0]]
rows.append([math.pow(x, 2.7).hex() for x in input[1]])
rows.append([math.atan2(x, 0.3).hex() for x in input[1]])
rows.append([math.pi.hex(), math.e.hex(), math.tau.hex(), math.inf.hex(), math.nan.hex()])
print(json.dumps(rows))`,
    [functions, places],
  );
  const ours = [
    ...functions.map((name) => places.map((x) => math[name](x))),
    places.map((x) => math.pow(x, 2.7)),
    places.map((x) => math.atan2(x, 0.3)),
    [math.pi, math.e, math.tau, math.inf, math.nan],
  ];
  expect(ours.map((row) => row.map(hexFloat))).toEqual(theirs);
  const exp = theirs[functions.indexOf('exp')];
  expect(places.map((x) => hexFloat(Math.exp(x)))).not.toEqual(exp);
});
