import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as torch from 'libtorch-node';
import { expect, test } from 'vitest';

const leaf = () => torch.rand([64, 64], { generator: new torch.Generator().manualSeed(1) }).requiresGrad_();
const loss = (x: torch.Tensor) => x.matmul(x).tanh().sum();

test('an awaited backward gives the bits of a direct one, and hooks run on this thread in between', async () => {
  const [direct, awaited] = [leaf(), leaf()];
  loss(direct).backward();
  const seen: number[][] = [];
  const y = awaited.mul(1);
  y.registerHook((gradient) => {
    seen.push(gradient.shape);
    return null;
  });
  const result = loss(y);
  const running = result.backwardAsync();
  result.dispose();
  expect(await running).toBeUndefined();
  expect(seen).toEqual([[64, 64]]);
  expect(awaited.grad?.equal(direct.grad as torch.Tensor)).toBe(true);
});

test('what goes wrong rejects, with the error that a hook has thrown or with that of libtorch', async () => {
  const mine = new RangeError('mine');
  const y = leaf().mul(1);
  y.registerHook(() => {
    throw mine;
  });
  await expect(loss(y).backwardAsync()).rejects.toBe(mine);
  await expect(torch.ones([2]).backwardAsync()).rejects.toThrow(/does not require grad/);
  await expect(leaf().backwardAsync()).rejects.toThrow(
    /grad can be implicitly created only for scalar outputs/,
  );
});

test('a direct backward waits for an awaited one at the same leaf, and both are counted', async () => {
  const x = leaf();
  let hooks = 0;
  x.registerPostAccumulateGradHook(() => {
    hooks++;
  });
  const running = loss(x).backwardAsync();
  loss(x).backward();
  await running;
  const once = leaf();
  loss(once).backward();
  expect(x.grad?.equal((once.grad as torch.Tensor).mul(2))).toBe(true);
  expect(hooks).toBe(2);
});

test('data() is a copy in row-major order', async () => {
  const x = torch.arange(6).view([2, 3]).t();
  const data = await x.data();
  expect(data).toEqual(new BigInt64Array([0n, 3n, 1n, 4n, 2n, 5n]));
  x.zero_();
  expect((data as BigInt64Array)[1]).toBe(3n);
  expect(await torch.ones([2], { requiresGrad: true }).data()).toEqual(new Float32Array([1, 1]));
});

const root = fileURLToPath(new URL('..', import.meta.url));
/** What the program prints, in a process of its own. */
const run = (program: string, env = {}) =>
  execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  }).trim();

const library = "import * as torch from './dist/index.js';\n";

test('the event loop waits for what is awaited, and for nothing else', () => {
  const program = `${library}
const x = torch.ones([8, 8]).requiresGrad_();
x.matmul(x).sum().backwardAsync().then(() => console.log('done'));`;
  expect(run(program)).toBe('done');
});

test('with backward on a thread of its own, as CUDA has it, hooks do not deadlock', () => {
  const program = `${library}
const x = torch.ones([2]).requiresGrad_();
const y = x.mul(2);
let seen = 0;
y.registerHook((gradient) => { seen++; torch.enableGrad(() => torch.ones([3]).requiresGrad_().sum().backward()); return gradient.mul(3); });
y.sum().backward();
console.log(seen, x.grad.tolist());`;
  expect(run(program, { LIBTORCH_NODE_BACKWARD_THREAD: '1' })).toBe('1 [ 6, 6 ]');
});

test('a hook of an awaited backward may run a direct one', async () => {
  const [x, other] = [leaf(), leaf()];
  const y = x.mul(1);
  y.registerHook((gradient) => {
    torch.enableGrad(() => other.sum().backward());
    return gradient.mul(other.grad as torch.Tensor);
  });
  await y.sum().backwardAsync();
  expect(x.grad?.sum().item()).toBe(64 * 64);
});

test('process.exit() inside of a hook of an awaited backward ends the process', () => {
  const program = `${library}
const y = torch.ones([2]).requiresGrad_().mul(2);
y.registerHook(() => { console.log('leaving'); process.exit(0); });
await y.sum().backwardAsync();
console.log('never');`;
  expect(run(program)).toBe('leaving');
});

test.each([
  ['registerHook', (w: torch.Tensor) => w.registerHook(() => null)],
  ['registerPostAccumulateGradHook', (w: torch.Tensor) => w.registerPostAccumulateGradHook(() => undefined)],
])('%s waits for an awaited backward, which may be walking the same list', async (_, register) => {
  const w = torch.ones([300, 300], { requiresGrad: true });
  w.registerHook(() => null);
  w.registerPostAccumulateGradHook(() => undefined);
  let product = w.mul(1e-3);
  for (let i = 0; i < 20; i++) product = product.matmul(w);
  const awaited = product.sum().backwardAsync();
  expect(w.grad).toBeNull();
  register(w);
  expect(w.grad).not.toBeNull();
  await awaited;
});

test('a hook registered inside of a hook of an awaited backward does not wait for itself', async () => {
  const w = torch.ones([2], { requiresGrad: true });
  const seen: string[] = [];
  w.registerHook(() => {
    seen.push('first');
    if (seen.length === 1) w.registerHook(() => void seen.push('second'));
    return null;
  });
  await w.mul(2).sum().backwardAsync();
  await w.mul(2).sum().backwardAsync();
  expect(seen.slice(-2)).toEqual(['first', 'second']);
});
