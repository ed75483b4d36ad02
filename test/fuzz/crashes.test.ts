// The smallest input of each crash that the fuzzer has found, in a process of its own; and a short run of the fuzzer.

import { execFileSync, spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const entry = fileURLToPath(new URL('../../dist/index.js', import.meta.url));

test.each([
  'torch.aten.reflectionPad2dBackward(torch.ones([1]), torch.ones([1, 2, 2]), [])',
  'torch.aten.replicationPad3dBackward(torch.ones([1]), torch.ones([1, 2, 2, 2]), { padding: [1] })',
  'torch.ops.aten.reflection_pad1d_backward.default(torch.ones([1]), torch.ones([1, 2]), [])',
  'torch.aten.luUnpack(torch.ones([0, 2, 2]), torch.ones([0], { dtype: torch.int32 }))',
  'torch.luUnpack(torch.ones([2, 2, 3, 3]), torch.ones([2, 2, 3], { dtype: torch.int32 }), { out: [0, 0, 0].map(() => torch.zeros([3, 3, 2, 2]).permute(3, 2, 1, 0)) })',
  'torch.linalg.lu(torch.ones([2, 2, 3, 3]), { out: [0, 0, 0].map(() => torch.zeros([3, 3, 2, 2]).permute(3, 2, 1, 0)) })',
  'torch.tril(torch.ones([2, 2, 3, 3]), { out: torch.zeros([2, 2, 3, 3]).transpose(0, 1) })',
  'torch.ops.aten.triu.out(torch.ones([2, 2, 3, 3]), 0, { out: torch.zeros([2, 2, 3, 3]).transpose(0, 1) })',
  'torch.ops.aten.linalg_lu.out(torch.ones([2, 2, 3, 3]), { P: torch.zeros([2, 2, 3, 3]), L: torch.zeros([2, 2, 3, 3]).transpose(0, 1), U: torch.zeros([2, 2, 3, 3]) })',
  'torch.nn.functional.maxPool1d(torch.ones([2, 3]), 2n ** 63n - 1n)',
  'torch.aten.maxPool1d(torch.ones([2, 3]), { kernelSize: [1], dilation: 2n ** 62n })',
  'torch.aten.luUnpack({ LUData: torch.ones([0, 2, 2]), LUPivots: torch.ones([0], { dtype: torch.int32 }) })',
])('%s is refused', (call) => {
  const script = `import * as torch from ${JSON.stringify(entry)};
    try { ${call}; console.log('answered'); } catch (error) { console.log(error.name); }`;
  const { status, signal, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  expect({ status, signal, stdout: stdout.trim() }).toEqual({
    status: 0,
    signal: null,
    stdout: expect.stringMatching(/^(ShapeError|TypeError|TorchError)$/) as unknown as string,
  });
});

test('20,000 drawn calls end in an answer or an error of the library', { timeout: 300_000 }, () => {
  const child = fileURLToPath(new URL('child.mjs', import.meta.url));
  const report = join(tmpdir(), `fuzz-${process.pid}`);
  const out = execFileSync(process.execPath, ['--no-warnings', child, '7', '20000', report], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { answered, refused, foreign, live, kinds } = JSON.parse(out.trim().split('\n').at(-1) as string);
  expect({ foreign, kinds }).toEqual({ foreign: 0, kinds: [] });
  expect(answered).toBeGreaterThan(1000);
  expect(answered + refused).toBe(20_000);
  expect(live).toBeLessThan(10);
});
