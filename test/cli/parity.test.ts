import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as torch from 'libtorch-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { program, temporaryFolder, xception } from './program.js';

const folder = temporaryFolder({ keep: true });
const at = (name: string) => join(folder, name);
const library = new URL('../../dist/index.js', import.meta.url).href;

beforeAll(async () => {
  const layers = 'nn.Flatten(), nn.Linear(12, 4), nn.ReLU(), nn.Linear(4, 3)';
  const ours = layers.replaceAll('nn.', 'new nn.');
  writeFileSync(
    at('net.mjs'),
    `import { nn } from '${library}';\nexport default () => new nn.Sequential(${ours});\n`,
  );
  const python = `from torch import nn\n\n\ndef model():\n    print("not for the protocol")\n    return nn.Sequential(${layers})\n`;
  writeFileSync(at('net.py'), python);
  writeFileSync(at('leaky.py'), python.replace('nn.ReLU()', 'nn.LeakyReLU(0.5)'));
  writeFileSync(at('none.mjs'), 'export const model = 1;\n');
  const { nn } = torch;
  torch.manualSeed(5);
  const net = new nn.Sequential(new nn.Flatten(), new nn.Linear(12, 4), new nn.ReLU(), new nn.Linear(4, 3));
  await torch.save(net.stateDict(), at('net.pt'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const compare = (reference: string, ...more: string[]) =>
  xception([
    ...['parity', '--model', at('net.mjs'), '--reference', at(reference), '--threads', '1'],
    ...['--size', '2', '--steps', '2', ...more],
  ]);

test('equal bits: two lines and exit code 0', async () => {
  const { code, stdout, stderr } = await compare('net.py', '--optimizer', 'Adam', '--weights', at('net.pt'));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(
    /^equal, bit for bit: \d+ tensors of 5 layers, 2 steps and an evaluation, seed 0\nlibtorch [\d.]+, 1 thread here; torch \S+, 1 thread in Python\n$/,
  );
});

test('other bits: where, why, a table, exit code 1', async () => {
  const { code, stdout, stderr } = await compare('leaky.py');
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  const lines = stdout.split('\n');
  expect(lines[0]).toBe('the bits differ: first in step 1 (forward), 2, output, relu (Python: leaky_relu)');
  expect(lines[1]).toBe('because');
  expect(lines[2]).toBe('  the layer 2 is ReLU() here, LeakyReLU(negative_slope=0.5) in Python');
  expect(lines[4]).toMatch(/^layer +type +step +phase +item +operator +max \|Δ\|$/);
  expect(lines[5]).toMatch(/^2 +ReLU +1 +forward +output +relu \(Python: leaky_relu\) +\d\.\de[-+]\d+$/);
  expect(stdout).toMatch(/\n3 +Linear +1 +forward +output +follows +/);
});

test('--json', async () => {
  const { code, stdout } = await compare('leaky.py', '--json');
  expect(code).toBe(1);
  const report = JSON.parse(stdout) as torch.parity.ParityReport;
  expect(report).toMatchObject({ equal: false, seed: 0, steps: 2, layers: 5 });
  expect(report.differences[0]).toMatchObject({ layer: '2', type: 'ReLU', origin: true });
});

test.each<[string[], RegExp]>([
  [['--model', 'vgg9000'], /model must be one of xception, .*, or a file \.mjs or \.js, got 'vgg9000'/],
  [['--model', 'nowhere.mjs', '--reference', 'a:b'], /the model file nowhere\.mjs does not exist/],
  [['--model', at('net.mjs')], /needs --reference/],
  [['--model', at('none.mjs'), '--reference', 'a:b'], /must export a function .* export default/],
  [['--python', 'no-such-python'], /cannot run the Python 'no-such-python'.*--python/],
  [['--reference', 'no_such_module:model'], /in Python: ModuleNotFoundError.*pip install no_such_module/],
  [['--model', 'resnet18'], /in Python: ModuleNotFoundError.*pip install torchvision/],
  [['--device', 'cuda'], /use device cpu/],
])('%j is refused in one line', async (parameters, message) => {
  const { code, stdout, stderr } = await xception(['parity', ...parameters]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^xception: [^\n]*\n$/);
  expect(stderr).toMatch(message);
});

test('Ctrl-C ends Python too', async () => {
  const file = at('pid');
  writeFileSync(
    at('slow.py'),
    `import os, time\n\n\ndef model():\n    print(os.getpid(), file=open(${JSON.stringify(file)}, "w"), flush=True)\n    time.sleep(600)\n`,
  );
  const parameters = ['parity', '--model', at('net.mjs'), '--reference', at('slow.py')];
  const child = spawn(process.execPath, [program, ...parameters], { stdio: 'ignore' });
  const closed = once(child, 'close');
  const pid = () => (existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0);
  await expect.poll(pid, { timeout: 100_000 }).toBeGreaterThan(0);
  child.kill('SIGINT');
  expect((await closed)[0]).toBe(130);
  expect(() => process.kill(pid(), 0)).toThrow(/ESRCH/);
});
