import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { xception } from './program.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

test('--version is that of the package', async () => {
  expect(await xception(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test('--help names the commands, and without libtorch', async () => {
  // A preload that refuses the addon: help must also come up where it is not built.
  const refuse = "process.dlopen = () => { throw new Error('the addon was loaded') };";
  const { code, stdout } = await xception(['--help'], {
    nodeArguments: ['--import', `data:text/javascript,${encodeURIComponent(refuse)}`],
  });
  expect(code).toBe(0);
  expect(stdout).toMatch(/overfit[\s\S]*predict[\s\S]*convert[\s\S]*inspect/);
});

test('overfit --help tells every option, default and file', async () => {
  const { code, stdout } = await xception(['overfit', '--help']);
  expect(code).toBe(0);
  const options = ['data', 'labels', 'size', 'epochs', 'batch-size', 'optimizer', 'lr', 'schedule'];
  const more = ['memory-format', 'init', 'seed', 'device', 'threads', 'eval-every', 'out', 'resume'];
  for (const option of [...options, ...more]) expect(stdout).toContain(`--${option} <`);
  for (const file of [
    'metrics.jsonl',
    'curves.svg',
    'curves.png',
    'last.pt',
    'summary.json',
    'checkpoint.pt',
  ]) {
    expect(stdout).toContain(file);
  }
  expect(stdout).toMatch(/Ctrl-C/);
});

test.each([
  [['overfit', '--epochs', '0'], /--epochs.*'0'.*integer, 1 or more/],
  [['overfit', '--epochs', '1.5'], /--epochs.*integer/],
  [['overfit', '--epochs', ''], /--epochs.*integer/],
  [['overfit', '--size', 'big'], /--size.*'big'.*integer/],
  [['overfit', '--batch-size', '-3'], /--batch-size.*integer/],
  [['overfit', '--lr', '0'], /--lr.*number above 0/],
  [['overfit', '--lr', 'nan'], /--lr.*number above 0/],
  [['overfit', '--lr', 'Infinity'], /--lr.*number above 0/],
  [['overfit', '--seed', '-1'], /--seed.*integer, 0 or more/],
  [['overfit', '--seed', '1e30'], /--seed.*integer/],
  [['overfit', '--threads', '0'], /--threads.*integer/],
  [['overfit', '--eval-every', '0'], /--eval-every.*integer/],
  [['overfit', '--labels', 'both'], /--labels.*folder, image/],
  [['overfit', '--optimizer', 'lion'], /--optimizer.*adam, sgd/],
  [['overfit', '--schedule', 'linear'], /--schedule.*cosine, constant, step/],
  [['overfit', '--memory-format', 'nhwc'], /--memory-format.*channels_last, contiguous/],
  [['overfit', '--init', 'zeros'], /--init.*kaiming, default/],
  [['overfit', '--epoch', '3'], /unknown option '--epoch'.*--epochs/],
  [['overfit', 'photos'], /too many arguments/],
  [['predict', 'a.jpg'], /--weights <file>.*not specified/],
  [['predict', '--weights', 'last.pt'], /missing required argument 'image'/],
  [['convert', 'a.pth'], /missing required argument 'out'/],
  [['convert', 'a.pth', 'b.pt', '--from', 'resnet'], /--from.*timm, cadene, tstandley, pytorchcv/],
  [['convert', 'a.pth', 'b.pt', '--num-classes', '0'], /--num-classes.*integer, 1 or more/],
  [
    ['convert', 'a.pth', 'b.pt', '--num-classes', '3', '--no-head'],
    /'--num-classes <n>' cannot be used with/,
  ],
  [['inspect'], /missing required argument 'file'/],
  [['train'], /unknown command 'train'/],
])('wrong usage is one line and exit code 2: %j', async (parameters, message) => {
  const { code, stdout, stderr } = await xception(parameters);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^xception: [^\n]*\n$/);
  expect(stderr).toMatch(message);
});

test('no command at all prints the help, exit code 2', async () => {
  const { code, stdout, stderr } = await xception([]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('Usage: xception');
});
