import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findProgram } from '../../tools/install/process.mjs';
import { resolveLibtorch } from '../../tools/install/resolve.mjs';
import { addProgram, addPython, fakeHost, fakeLibtorch, type TestHost } from './fixtures/host.js';

const cmake = findProgram('cmake', process.env) ?? 'cmake';
const entry = (host: TestHost) => join(host.cacheDir, '2.13.0-cpu');

test('LIBTORCH comes first, whatever else is there', async () => {
  const host = fakeHost();
  addPython(host);
  host.env.LIBTORCH = fakeLibtorch(join(host.folder, 'libtorch'), '2.12.1+cpu');
  host.env.LIBTORCH_USE_PYTORCH = '1';
  expect(await resolveLibtorch(host)).toEqual({
    libtorch: host.env.LIBTORCH,
    version: '2.12.1+cpu',
    flavor: 'cpu',
    python: null,
    source: 'LIBTORCH',
  });
  expect(host.said()).toContain('LIBTORCH: taken, 2.12.1+cpu (cpu)');
});

test('LIBTORCH that is no libtorch is refused, not passed over', async () => {
  const host = fakeHost();
  host.env.LIBTORCH = join(host.folder, 'nowhere');
  await expect(resolveLibtorch(host)).rejects.toThrow(/LIBTORCH=.*nowhere does not exist/);
  fakeLibtorch(join(host.env.LIBTORCH, 'torch'), '2.13.0');
  await expect(resolveLibtorch(host)).rejects.toMatchObject({
    message: expect.stringContaining('holds no lib/libtorch_cpu.so'),
    fix: `the libtorch is one folder further in: ${join(host.env.LIBTORCH, 'torch')}`,
  });
});

test.each(['2.10.0', '2.15.0', '1.13.1+cpu', '3.0.0'])('libtorch %s is refused by name', async (version) => {
  const host = fakeHost();
  host.env.LIBTORCH = fakeLibtorch(join(host.folder, 'libtorch'), version);
  await expect(resolveLibtorch(host)).rejects.toThrow(
    `is libtorch ${version}, and libtorch-node works with 2.11 to 2.14`,
  );
  delete host.env.LIBTORCH;
  host.env.LIBTORCH_VERSION = version;
  await expect(resolveLibtorch(host)).rejects.toThrow(`LIBTORCH_VERSION=${version} is libtorch ${version}`);
});

test.each(['2.11.0', '2.12.0a0+git1234567', '2.14.1+cu130'])('libtorch %s is accepted', async (version) => {
  const host = fakeHost();
  host.env.LIBTORCH = fakeLibtorch(join(host.folder, 'libtorch'), version);
  expect((await resolveLibtorch(host)).version).toBe(version);
});

test('a build for the other kind of machine is refused where LIBTORCH_FLAVOR asks for one', async () => {
  const host = fakeHost();
  host.env.LIBTORCH = fakeLibtorch(join(host.folder, 'libtorch'), '2.13.0+cu130', 'lib/libtorch_cuda.so');
  await expect(resolveLibtorch(host)).rejects.toThrow('is a cuda build and LIBTORCH_FLAVOR=cpu');
  delete host.env.LIBTORCH_FLAVOR;
  expect((await resolveLibtorch(host)).flavor).toBe('cuda');
  host.env.LIBTORCH_FLAVOR = 'rocm';
  await expect(resolveLibtorch(host)).rejects.toThrow("LIBTORCH_FLAVOR='rocm' is neither cpu nor cuda");
});

test('the flavour follows the machine', async () => {
  const host = fakeHost();
  addProgram(host, 'nvidia-smi', 'exit 0');
  delete host.env.LIBTORCH_FLAVOR;
  addPython(host);
  expect((await resolveLibtorch(host)).flavor).toBe('cuda');
  expect(host.said()).toContain('nvidia-smi is there');
  expect(readdirSync(host.cacheDir)).toEqual(['2.13.0-cuda']);
});

test('LIBTORCH_USE_PYTORCH=1 takes the torch of the active environment', async () => {
  const host = fakeHost();
  host.env.LIBTORCH_USE_PYTORCH = '1';
  await expect(resolveLibtorch(host)).rejects.toThrow('no Python runs here');
  const python = addPython(host);
  await expect(resolveLibtorch(host)).rejects.toThrow(`${python} (Python 3.11.7) has no torch`);
  const torch = fakeLibtorch(join(host.folder, 'site-packages/torch'), '2.13.0+cpu');
  host.env.FAKE_TORCH = join(torch, '__init__.py');
  expect(await resolveLibtorch(host)).toMatchObject({ libtorch: torch, python, source: 'active Python' });
});

test('pip makes a private environment once, the cache gives it afterwards', async () => {
  const host = fakeHost();
  addPython(host);
  host.env.FAKE_LOG = join(host.folder, 'log');
  const made = await resolveLibtorch(host);
  expect(made).toMatchObject({ version: '2.13.0+cpu', flavor: 'cpu', source: 'private environment' });
  expect(made.libtorch.startsWith(entry(host))).toBe(true);
  expect(existsSync(made.python ?? '')).toBe(true);
  const calls = readFileSync(host.env.FAKE_LOG, 'utf8').trim().split('\n').length;
  expect(await resolveLibtorch(host)).toEqual({ ...made, source: 'cache' });
  expect(readFileSync(host.env.FAKE_LOG, 'utf8').trim().split('\n')).toHaveLength(calls);
});

test('each step says why it was passed over', async () => {
  const host = fakeHost();
  addPython(host);
  await resolveLibtorch(host);
  expect(
    host
      .said()
      .replaceAll(host.folder, '~')
      .replace(/environment-\d+/g, 'environment'),
  ).toBe(
    [
      'libtorch 2.13.0, cpu build (LIBTORCH_FLAVOR=cpu)',
      '  LIBTORCH: passed over, not set',
      '  active Python: passed over, LIBTORCH_USE_PYTORCH is not 1',
      '  cache: passed over, ~/cache/2.13.0-cpu: nothing there',
      '  making a private environment with ~/bin/python3 (3.11.7) in ~/cache/2.13.0-cpu/environment',
      '  pip install torch==2.13.0+cpu numpy',
      '  private environment: taken, 2.13.0+cpu (cpu) in ~/cache/2.13.0-cpu/environment/lib/python3.11/site-packages/torch',
    ].join('\n'),
  );
});

test("PyTorch's own index is asked only where pip's has no CPU build", async () => {
  const host = fakeHost();
  addPython(host);
  host.env.FAKE_PIP = 'index';
  await resolveLibtorch(host);
  expect(host.said().match(/pip install .*/g)).toEqual([
    'pip install torch==2.13.0+cpu numpy',
    'pip install --extra-index-url https://download.pytorch.org/whl/cpu torch==2.13.0+cpu numpy',
  ]);
});

test.each([
  ['offline', 'no network', 'connect'],
  ['full', 'the disk is full', 'free some space'],
  ['none', 'there is no such release for Python 3.11.7', 'set PYTHON'],
  ['cut', 'the connection broke off', 'run the same command again'],
  ['certificate', 'certificate is not trusted', 'set PIP_CERT'],
  ['strange', 'Something nobody thought of', 'set LIBTORCH'],
  ['other', '2.12.0+cpu for cpu came', "pip's configuration"],
])('pip that fails (%s) leaves one clear message and nothing else', async (failure, message, fix) => {
  const host = fakeHost();
  addPython(host);
  host.env.FAKE_PIP = failure;
  await expect(resolveLibtorch(host)).rejects.toMatchObject({
    name: 'InstallError',
    message: expect.stringContaining(message),
    fix: expect.stringContaining(fix),
  });
  expect(readdirSync(host.cacheDir)).toEqual([]);
  host.env.FAKE_PIP = 'ok';
  expect((await resolveLibtorch(host)).source).toBe('private environment');
});

test('what a killed installation left is not taken for finished', async () => {
  const host = fakeHost();
  addPython(host);
  fakeLibtorch(join(entry(host), 'environment-1/lib/python3.11/site-packages/torch'), '2.13.0+cpu');
  expect((await resolveLibtorch(host)).source).toBe('private environment');
  expect(host.said()).toContain('an installation that did not finish');
  expect(readdirSync(entry(host)).sort()).toEqual([`environment-${process.pid}`, 'finished.json']);
});

test('a cache entry that was damaged is made anew', async () => {
  const host = fakeHost();
  addPython(host);
  const { libtorch } = await resolveLibtorch(host);
  rmSync(join(libtorch, 'lib/libtorch_cpu.so'));
  expect((await resolveLibtorch(host)).source).toBe('private environment');
  expect(host.said()).toContain('damaged: ');
  writeFileSync(join(entry(host), 'finished.json'), '{');
  expect((await resolveLibtorch(host)).source).toBe('private environment');
});

test('two at once fetch once', async () => {
  const host = fakeHost();
  addPython(host);
  host.env.FAKE_PIP = 'slow';
  host.env.FAKE_LOG = join(host.folder, 'log');
  const [one, two] = await Promise.all([resolveLibtorch(host), resolveLibtorch(host)]);
  expect(one).toEqual(two);
  expect(readFileSync(host.env.FAKE_LOG, 'utf8').match(/-m pip/g)).toHaveLength(1);
});

test('a PATH without Python, and no archive either, says what would help', async () => {
  const host = fakeHost();
  host.env.LIBTORCH_VERSION = '2.12.0';
  await expect(resolveLibtorch(host)).rejects.toMatchObject({
    message: expect.stringMatching(/no libtorch was found[\s\S]*private environment: no Python/),
    fix: expect.stringContaining('apt-get install python3-venv'),
  });
});

test.each([
  ['3.9.2', {}, 'is too old, torch needs 3.10'],
  [
    '3.11.2',
    { FAKE_VENV: 'none' },
    'cannot make an environment; Debian has that apart: apt-get install python3-venv',
  ],
])('a Python that is of no use (%s) is passed over with the reason', async (version, env, reason) => {
  const host = fakeHost();
  addPython(host);
  Object.assign(host.env, { FAKE_PYTHON: version, LIBTORCH_VERSION: '2.12.0', ...env });
  await expect(resolveLibtorch(host)).rejects.toThrow('no libtorch was found');
  expect(host.said()).toContain(reason);
});

test('without Python the official archive is fetched, checked and unpacked', async () => {
  const host = fakeHost({ cmake });
  const work = join(host.folder, 'work');
  mkdirSync(work);
  fakeLibtorch(join(work, 'libtorch'), '2.13.0+cpu');
  execFileSync(cmake, ['-E', 'tar', 'cf', 'libtorch.zip', '--format=zip', 'libtorch'], { cwd: work });
  const zip = readFileSync(join(work, 'libtorch.zip'));
  const server = createServer((_request, response) => response.end(zip));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  host.env.LIBTORCH_ARCHIVE_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/libtorch.zip`;
  await expect(resolveLibtorch(host)).rejects.toThrow('is not the file that was expected');
  expect(readdirSync(host.cacheDir)).toEqual(['downloads']);
  host.env.LIBTORCH_ARCHIVE_SHA256 = createHash('sha256').update(zip).digest('hex');
  expect(await resolveLibtorch(host)).toEqual({
    libtorch: join(entry(host), 'libtorch'),
    version: '2.13.0+cpu',
    flavor: 'cpu',
    python: null,
    source: 'official archive',
  });
  expect(readdirSync(join(host.cacheDir, 'downloads'))).toEqual([]);
  expect((await resolveLibtorch(host)).source).toBe('cache');
});

test('an archive whose checksum nobody gave is not taken', async () => {
  const host = fakeHost({ cmake });
  Object.assign(host.env, {
    LIBTORCH_VERSION: '2.12.0',
    LIBTORCH_ARCHIVE_URL: 'http://127.0.0.1:9/libtorch.zip',
  });
  await expect(resolveLibtorch(host)).rejects.toThrow(
    'no checksum is known for http://127.0.0.1:9/libtorch.zip',
  );
});

test('without Python and without CMake it says that CMake is missing', async () => {
  await expect(resolveLibtorch(fakeHost())).rejects.toThrow('CMake is not installed');
});
