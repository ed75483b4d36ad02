import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as torch from 'libtorch-node';
import { expect, test } from 'vitest';

function thrown<E extends Error>(call: () => unknown): E {
  try {
    call();
  } catch (error) {
    return error as E;
  }
  throw new Error('nothing was thrown');
}

const x = torch.ones([2, 3]);
const wrong = torch as unknown as Record<string, (...args: unknown[]) => unknown>;

test.each([
  ['ShapeError', () => x.add(torch.ones([4])), 'add'],
  ['ShapeError', () => torch.matmul(x, x), 'matmul'],
  ['ShapeError', () => x.view([4]), 'view'],
  ['ShapeError', () => torch.cat([x, torch.ones([3, 3, 1])]), 'cat'],
  ['ShapeError', () => x.expand([3, 3, 4]), 'expand'],
  ['DtypeError', () => torch.dot(torch.ones([2]), torch.ones([2], { dtype: torch.float64 })), 'dot'],
  ['DtypeError', () => torch.tensor([1n]).add_(0.5), 'add_'],
  ['DeviceError', () => torch.ones([2], { device: 'cuda' }), 'ones'],
  ['DeviceError', () => x.to('cuda'), 'to'],
  ['IndexError', () => x.sum(7), 'sum'],
  ['NotImplementedError', () => torch.triuIndices(2, 2, { device: 'meta' }), 'triu_indices'],
  ['OutOfMemoryError', () => torch.empty([2 ** 40]), 'empty'],
  ['LinAlgError', () => torch.linalg.inv(torch.zeros([2, 2])), 'linalg_inv'],
  ['TorchError', () => torch.multinomial(torch.zeros([3]), 2), 'multinomial'],
])('%s from %s', (name, call, op) => {
  const error = thrown<torch.TorchError>(call);
  expect([error.name, error.op]).toEqual([name, op]);
  expect(error).toBeInstanceOf(torch.TorchError);
  expect(error.cppTrace).toBeUndefined();
  expect(Object.keys(error)).not.toContain('op');
});

test('misuse is a TypeError that names operator and argument', () => {
  const missing = thrown<torch.TorchError>(() => wrong.conv2d?.(x));
  expect([missing.name, missing.op]).toEqual(['TypeError', 'conv2d']);
  const badType = thrown<torch.TorchError>(() => wrong.relu?.('a'));
  expect([badType.name, badType.op, badType.argument]).toEqual(['TypeError', 'relu', 'input']);
  const unknown = thrown<torch.TorchError>(() => wrong.relu?.(x, { depth: 1 }));
  expect([unknown.op, unknown.argument]).toEqual(['relu', 'depth']);
});

test("libtorch's own checks name the argument in words", () => {
  const indices = torch.ones([2]);
  const error = thrown<torch.TorchError>(() => torch.aten.embedding(x, indices));
  expect([error.op, error.argument]).toEqual(['embedding', 'indices']);
});

test("the stack begins at the user's line, and names the layers on its way", () => {
  const first = (error: Error) => error.stack?.split('\n').find((line) => line.startsWith('    at '));
  function usersOwn() {
    return x.add(torch.ones([4]));
  }
  expect(first(thrown(usersOwn))).toContain('usersOwn');
  const layer = new torch.nn.Linear(5, 2);
  const { stack } = thrown(() => layer.forward(x));
  expect(stack).toMatch(/Linear\.forward/);
  expect(stack).toContain('errors.test.ts');
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 3;
  try {
    const lines = thrown(usersOwn)
      .stack?.split('\n')
      .filter((line) => line.startsWith('    at '));
    expect(lines?.length).toBe(3);
    expect(lines?.[0]).toContain('usersOwn');
  } finally {
    Error.stackTraceLimit = limit;
  }
});

test('the C++ trace is there where it was asked for', () => {
  torch.setCppTraces(true);
  try {
    const error = thrown<torch.TorchError>(() => x.add(torch.ones([4])));
    expect(error.cppTrace).toContain('Exception raised from');
    expect(error.message).not.toContain('Exception raised from');
  } finally {
    torch.setCppTraces(false);
  }
  const entry = fileURLToPath(new URL('../dist/index.js', import.meta.url));
  const script = `import * as torch from ${JSON.stringify(entry)};
    try { torch.ones([2]).add(torch.ones([3])); } catch (error) { console.log(error.cppTrace); }`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: { ...process.env, LIBTORCH_NODE_CPP_TRACE: '1' },
  });
  expect(stdout).toContain('Exception raised from');
});

test("libtorch's warnings are Node's", async () => {
  const heard: Error[] = [];
  const listen = (warning: Error) => heard.push(warning);
  process.on('warning', listen);
  torch.setFloat32MatmulPrecision('lowest' as never);
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.off('warning', listen);
  expect(heard.map(({ name, message }) => [name, message.split('\n')[0]])).toEqual([
    [
      'UserWarning',
      expect.stringContaining("lowest is not one of 'highest', 'high', or 'medium'") as unknown as string,
    ],
  ]);
  expect(torch.getFloat32MatmulPrecision()).toBe('highest');
});
