import * as torch from 'libtorch-node';
import { describe, expect, test } from 'vitest';
import { runPython } from './live-python.js';

const { ellipsis, slice } = torch;
const x = () => torch.arange(24, { dtype: torch.float32 }).view([2, 3, 4]);
const ids = () => torch.tensor([1n, 0n, 1n]);
const mask = () => torch.tensor([true, false]);

/** Python's brackets beside ours. */
const reads: [python: string, ours: (x: torch.Tensor) => torch.Tensor][] = [
  ['1', (t) => t.index(1)],
  ['-1, 2', (t) => t.index(-1, 2)],
  ['0, 1, 2', (t) => t.index(0, 1, 2)],
  [':, 1:', (t) => t.index(slice(null), slice(1, null))],
  ['..., ::2', (t) => t.index(ellipsis, slice(null, null, 2))],
  [':, -2:100, 1:-1', (t) => t.index(slice(null), slice(-2, 100), slice(1, -1))],
  ['None, ..., None', (t) => t.index(null, ellipsis, null)],
  ['...', (t) => t.index(ellipsis)],
  ['True', (t) => t.index(true)],
  ['False', (t) => t.index(false)],
  ['[1, 0, 1]', (t) => t.index([1, 0, 1])],
  ['[True, False]', (t) => t.index([true, false])],
  ['[0, 1], [2, 0]', (t) => t.index([0, 1], [2, 0])],
  ['ids, :, ids', (t) => t.index(ids(), slice(null), ids())],
  ['mask', (t) => t.index(mask())],
  ['x > 11', (t) => t.index(t.gt(11))],
  ['mask, 1', (t) => t.index(mask(), 1)],
  ['0, ids', (t) => t.index(0, ids())],
  ['torch.tensor(1)', (t) => t.index(torch.tensor(1n))],
  ['torch.tensor(True), 0', (t) => t.index(torch.tensor(true), 0)],
  ['[ids, ids]', (t) => t.index([ids(), ids()])],
  ['[slice(0, 1), 2]', (t) => t.index([slice(0, 1), 2])],
];

const refused: [python: string, ours: (x: torch.Tensor) => unknown][] = [
  ['5', (t) => t.index(5)],
  ['0, -4', (t) => t.index(0, -4)],
  ['0, 0, 0, 0', (t) => t.index(0, 0, 0, 0)],
  ['::0', (t) => t.index(slice(null, null, 0))],
  ['::-1', (t) => t.index(slice(null, null, -1))],
  ['torch.tensor([5])', (t) => t.index(torch.tensor([5n]))],
  ['torch.tensor([True])', (t) => t.index(torch.tensor([true]))],
  ['torch.tensor([0.5])', (t) => t.index(torch.tensor([0.5]))],
];

type Place = Parameters<torch.Tensor['indexPut_']>[0];
const writes: [python: string, place: () => Place, python: string, value: () => torch.Tensor | number][] = [
  ['1', () => 1, '7', () => 7],
  ['0, 1:', () => [0, slice(1, null)], 'torch.arange(4.)', () => torch.arange(4, { dtype: torch.float32 })],
  ['..., 0', () => [ellipsis, 0], 'torch.ones(1, 1, 2, 3)', () => torch.ones([1, 1, 2, 3])],
  ['ids', () => [ids()], '-1.5', () => -1.5],
  ['mask', () => [mask()], 'torch.zeros(3, 4)', () => torch.zeros([3, 4])],
  [
    '[0, 1], [2, 0]',
    () => [
      [0, 1],
      [2, 0],
    ],
    'torch.zeros(1, 2, 4)',
    () => torch.zeros([1, 2, 4]),
  ],
  ['0, ids, 2', () => [0, ids(), 2], '9', () => 9],
];

const setup = `import torch
x = torch.arange(24.).view(2, 3, 4)
ids, mask = torch.tensor([1, 0, 1]), torch.tensor([True, False])
def told(t): return [list(t.shape), list(t.stride()), t.storage_offset(), t.tolist()]
def refusal(index):
    try: eval(f'x[{index}]')
    except Exception as error: return f'{type(error).__name__}: {error}'
def written(index, value):
    global x
    x = torch.arange(24.).view(2, 3, 4)
    exec(f'x[{index}] = {value}')
    return x.tolist()
`;

const told = (t: torch.Tensor) => [t.shape, t.stride(), t.storageOffset(), t.tolist()];

describe('x.index and x.indexPut_ beside x[...]', () => {
  test('reading gives the same views and the same copies', () => {
    const script = `${setup}print(json.dumps([told(eval(f'x[{index}]')) for index in input]))`;
    const theirs = runPython<unknown[]>(
      script,
      reads.map(([python]) => python),
    );
    reads.forEach(([python, ours], i) => {
      expect(told(ours(x())), python).toEqual(theirs[i]);
    });
  });

  test('refusals have the same words', () => {
    const script = `${setup}print(json.dumps([refusal(index) for index in input]))`;
    const theirs = runPython<string[]>(
      script,
      refused.map(([python]) => python),
    );
    refused.forEach(([python, ours], i) => {
      const [, kind, text] = theirs[i]?.match(/^(\w+): ([\s\S]*)$/) ?? [];
      expect(() => ours(x()), python).toThrow(text);
      expect(() => ours(x()), python).toThrow(expect.objectContaining({ name: kind }));
    });
  });

  test('writing broadcasts as Python does', () => {
    const script = `${setup}print(json.dumps([written(*pair) for pair in input]))`;
    const theirs = runPython<unknown[]>(
      script,
      writes.map(([index, , value]) => [index, value]),
    );
    writes.forEach(([python, place, , value], i) => {
      expect(x().indexPut_(place(), value()).tolist(), python).toEqual(theirs[i]);
    });
  });

  test('an accumulating write adds up where an index occurs twice', () => {
    const sums = torch.zeros([3]).indexPut_([torch.tensor([0n, 0n, 2n])], 1, true);
    expect(sums.tolist()).toEqual([2, 0, 1]);
  });

  test('iteration is over the first dimension and carries gradients', () => {
    const leaf = x().requiresGrad_();
    const [first, second] = [...leaf] as [torch.Tensor, torch.Tensor];
    expect(first.gradFn).toBe('UnbindBackward0');
    first.mul(second).sum().backward();
    expect(leaf.grad?.index(0).equal(second)).toBe(true);
  });
});
