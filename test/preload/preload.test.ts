// Whose blocks libtorch's objects are: glibc's may wait for the next objects, another allocator's are left alone.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const training = `
  import * as torch from 'libtorch-node';
  torch.manualSeed(0);
  const model = new torch.nn.Sequential(new torch.nn.Linear(8, 8), new torch.nn.ReLU(), new torch.nn.Linear(8, 2));
  const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.1 });
  for (let step = 0; step < 50; step++) {
    torch.scope(() => {
      optimizer.zeroGrad();
      model.forward(torch.rand([16, 8])).pow(2).mean().backward();
      optimizer.step();
    });
  }
  console.log(model.forward(torch.ones([1, 8])).tolist().flat().join(' '));`;

function train(environment: Record<string, string>): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', training], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '', ...environment },
  });
  expect(status, stderr).toBe(0);
  return stdout;
}

test('a preloaded allocator gets back its own blocks, whole', () => {
  const folder = mkdtempSync(join(tmpdir(), 'preload-'));
  try {
    const library = join(folder, 'liballocator.so');
    const source = fileURLToPath(new URL('allocator.c', import.meta.url));
    execFileSync('gcc', ['-O1', '-shared', '-fPIC', source, '-o', library], { stdio: 'pipe' });
    expect(train({ LD_PRELOAD: library })).toBe(train({}));
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);

test("so does glibc's own, which checks them", () => {
  expect(train({ LD_PRELOAD: 'libc_malloc_debug.so.0', GLIBC_TUNABLES: 'glibc.malloc.check=3' })).toBe(
    train({}),
  );
}, 60_000);

test('the same bits come out where glibc is left as it is', () => {
  expect(train({ LIBTORCH_NODE_MALLOPT: '0' })).toBe(train({}));
}, 60_000);
