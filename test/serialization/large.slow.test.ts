// Sizes at which archives change their form: a record beyond 4 GB, and more records than 16 bits can count.

import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'libtorch-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { runPython } from '../live-python.js';

const folder = mkdtempSync(join(tmpdir(), 'large-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string) => join(folder, `${name}.pt`);

const GB = 1e9;
const [ROWS, COLUMNS] = [18_000_000, 251];
const { bavail, bsize } = statfsSync(folder);
const lacking = [
  freemem() < 12 * GB && `${Math.round(freemem() / GB)} GB of memory free, wanted 12`,
  bavail * bsize < 12 * GB && `${Math.round((bavail * bsize) / GB)} GB of disk free, wanted 12`,
].filter(Boolean);
if (lacking.length > 0) console.warn(`tensors over 4 GB are not tested: ${lacking.join(', ')}`);

const PRELUDE = `
import torch
rows, columns = ${ROWS}, ${COLUMNS}
row = torch.arange(columns, dtype=torch.uint8)
`;

function large() {
  const row = torch.arange(COLUMNS, { dtype: torch.uint8 });
  const made = torch.empty([ROWS, COLUMNS], { dtype: torch.uint8 });
  torch.noGrad(() => made.copy_(row));
  made.index(ROWS - 1).fill_(7);
  return made;
}

describe.skipIf(lacking.length > 0)('a tensor of 4.5 GB', () => {
  const seen = { rows: ROWS, end: [249, 250, 7, 7], after: [0, 1, 2], same: true };

  test('written here, Python maps it', () => {
    torch.scope(() => {
      torch.save(
        new Map([
          ['large', large()],
          ['after', torch.arange(3)],
        ]),
        path('ours'),
      );
    });
    const script = `${PRELUDE}
found = torch.load(input, mmap=True, weights_only=True)
x = found["large"]
same = all(torch.equal(part, row.expand_as(part)) for part in x[:-1].split(1_000_000))
end = [*x[-2, -2:].tolist(), *x[-1, -2:].tolist()]
print(json.dumps({"rows": len(x), "end": end, "after": found["after"].tolist(), "same": same}))`;
    expect(runPython(script, path('ours'))).toEqual(seen);
    rmSync(path('ours'));
  });

  test.each([true, false])('written by Python, it loads here, mmap %s', (mmap) => {
    const script = `${PRELUDE}
x = row.repeat(rows, 1)
x[-1] = 7
torch.save({"large": x, "after": torch.arange(3)}, input)
print("null")`;
    runPython(script, path('python'));
    torch.scope(() => {
      const found = torch.load(path('python'), { mmap }) as Map<string, torch.Tensor>;
      const [x, after] = [found.get('large') as torch.Tensor, found.get('after') as torch.Tensor];
      const row = torch.arange(COLUMNS, { dtype: torch.uint8 });
      const parts = x.narrow(0, 0, ROWS - 1).split(1_000_000);
      const end = [-2, -1].flatMap((i) => x.index(i).narrow(0, -2, 2).tolist() as number[]);
      expect({
        rows: x.shape[0],
        end,
        after: (after.tolist() as bigint[]).map(Number),
        same: parts.every((part) => part.equal(row.expandAs(part))),
      }).toEqual(seen);
    });
    rmSync(path('python'));
  });
});

describe('200,000 tensors', () => {
  const COUNT = 200_000;
  const took: Record<string, { here: number; python: number }> = {};
  const seconds = (run: () => void) => {
    const began = performance.now();
    run();
    return (performance.now() - began) / 1000;
  };
  let theirs: { save: number; load: number; right: boolean };

  beforeAll(() => {
    torch.scope(() => {
      const rows = torch.arange(4 * COUNT, { dtype: torch.float32 }).reshape([COUNT, 4]);
      const state = new Map(rows.unbind(0).map((row, i) => [`layer.${i}.weight`, row.clone()]));
      const save = seconds(() => torch.save(state, path('ours')));
      took.save = { here: save, python: 0 };
    });
    const script = `
import time, torch
count = ${COUNT}
def right(state):
    expected = torch.arange(4 * count, dtype=torch.float32).reshape(count, 4)
    return list(state) == [f"layer.{i}.weight" for i in range(count)] and torch.equal(torch.stack(list(state.values())), expected)
began = time.perf_counter()
state = torch.load(input + "/ours.pt", weights_only=True)
load = time.perf_counter() - began
began = time.perf_counter()
torch.save(state, input + "/python.pt")
save = time.perf_counter() - began
print(json.dumps({"save": save, "load": load, "right": right(state)}))`;
    theirs = runPython(script, folder);
  });

  test('written here, Python reads them', () => {
    expect(theirs.right).toBe(true);
  });

  test('written by Python, they load here', () => {
    torch.scope(() => {
      let state = new Map<string, torch.Tensor>();
      const load = seconds(() => {
        state = torch.load(path('python')) as Map<string, torch.Tensor>;
      });
      took.load = { here: load, python: theirs.load };
      expect([...state.keys()]).toEqual(Array.from({ length: COUNT }, (_, i) => `layer.${i}.weight`));
      const expected = torch.arange(4 * COUNT, { dtype: torch.float32 }).reshape([COUNT, 4]);
      expect(torch.stack([...state.values()]).equal(expected)).toBe(true);
    });
    const told = Object.entries({ ...took, save: { ...took.save, python: theirs.save } });
    for (const [what, { here = 0, python }] of told)
      console.log(
        `${what}: ${here.toFixed(2)} s here, ${python.toFixed(2)} s in Python, ratio ${(here / python).toFixed(2)}`,
      );
  });
});
