import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildAddon } from '../../tools/install/build.mjs';
import { readRecord } from '../../tools/install/build-record.mjs';
import { doctor } from '../../tools/install/doctor.mjs';
import { explainBuild, explainLoading } from '../../tools/install/explain-build.mjs';
import type { InstallError } from '../../tools/install/install-error.mjs';
import { findProgram } from '../../tools/install/process.mjs';
import { resolveLibtorch } from '../../tools/install/resolve.mjs';
import { addProgram, fakeHost, fakeLibtorch, type TestHost } from './fixtures/host.js';

const real = (name: string) => findProgram(name, process.env) ?? `no ${name}`;

async function build(host: TestHost) {
  host.env.LIBTORCH = fakeLibtorch(join(host.folder, 'libtorch'), '2.13.0+cpu');
  return buildAddon(host, await resolveLibtorch(host), join(host.folder, 'build'));
}

test.each([
  [[], 'no C++ compiler is installed (looked for c++, g++, clang++)', 'apt-get install g++'],
  [['c++'], 'CMake is not installed', 'apt-get install cmake'],
  [['c++', 'cmake'], 'neither ninja nor make is installed', 'apt-get install ninja-build'],
])('with %j on PATH it says what is missing', async (programs, message, fix) => {
  const host = fakeHost(Object.fromEntries(programs.map((name) => [name, real(name)])));
  await expect(build(host)).rejects.toMatchObject({
    message: expect.stringContaining(message),
    fix: expect.stringContaining(fix),
  });
  expect(existsSync(join(host.folder, 'build'))).toBe(false);
});

test('CXX that names no program is said', async () => {
  const host = fakeHost({ 'c++': real('c++'), cmake: real('cmake') });
  host.env.CXX = 'g++-99';
  await expect(build(host)).rejects.toThrow('no C++ compiler is installed (looked for g++-99)');
});

test('a CMake that is too old is named', async () => {
  const host = fakeHost({ 'c++': real('c++') });
  addProgram(host, 'cmake', 'echo cmake version 3.13.4');
  await expect(build(host)).rejects.toThrow(/bin\/cmake is too old: cmake version 3\.13\.4/);
});

test('a build that fails shows the first errors and leaves nothing that looks finished', async () => {
  const host = fakeHost();
  host.env.PATH = process.env.PATH;
  const error = await build(host).then(
    () => undefined,
    (reason: InstallError) => reason,
  );
  expect(error?.message).toMatch(/^building the addon failed:\n[\s\S]*fatal error: .*No such file/);
  expect(error?.message.split('\n').length).toBeLessThan(15);
  expect(readRecord(join(host.folder, 'build'))).toBe(null);
  expect(readdirSync(join(host.folder, 'build'))).not.toContain('install.lock');
});

test.each([
  ['fatal error: error writing to x.s: No space left on device', 'the disk is full'],
  ['c++: fatal error: Killed signal terminated program cc1plus', 'the compiler ran out of memory'],
  ['CMake Error: cannot write: Read-only file system', 'this package may not be written to'],
  ["c++: error: unrecognized command-line option '-std=gnu++20'", 'the C++ compiler is too old'],
  ['-- The CXX compiler identification is unknown', 'the C++ compiler does not work'],
  ['native/a.cc:1:2: error: nobody thought of this', 'native/a.cc:1:2: error: nobody thought of this'],
])('%s', (output, message) => {
  expect(explainBuild(`[1/3] native/a.cc\n${output}\n`).message).toContain(message);
});

test.each([
  [
    'Error: libcudnn.so.9: cannot open shared object file: No such file',
    'libcudnn.so.9 is missing',
    "NVIDIA's",
  ],
  [
    'Error: libgomp.so.1: cannot open shared object file: No such file',
    'libgomp.so.1 is missing',
    '/opt/libtorch',
  ],
  ['Error: undefined symbol: _ZN2at4_ops', 'was built and does not load', 'remove the build folder'],
])('an addon that does not load: %s', (output, message, fix) => {
  const error = explainLoading(output, '/opt/libtorch');
  expect(error.message).toContain(message);
  expect(error.fix).toContain(fix);
});

function packageWithout(host: TestHost, ...programs: string[]) {
  host.packageDir = join(host.folder, 'package');
  mkdirSync(join(host.packageDir, 'build/Release'), { recursive: true });
  mkdirSync(join(host.packageDir, 'native'));
  writeFileSync(join(host.packageDir, 'package.json'), '{ "version": "1.2.3" }');
  writeFileSync(join(host.packageDir, 'CMakeLists.txt'), '');
  for (const name of programs) addProgram(host, name, `echo ${name} version 3.25.1`);
}

test('doctor says that nothing was built', async () => {
  const host = fakeHost();
  packageWithout(host, 'cmake');
  expect(await doctor(host)).toBe(1);
  expect(host.said()).toContain(`libtorch-node  1.2.3 in ${host.packageDir}`);
  expect(host.said()).toContain('- no C++ compiler is installed');
  expect(host.said()).toContain('- the addon is not built\n  fix: run `npx libtorch-node install`');
});

test('doctor says that libtorch is gone', async () => {
  const host = fakeHost();
  packageWithout(host, 'c++', 'cmake', 'ninja');
  const record = { libtorch: join(host.folder, 'gone'), version: '2.13.0+cpu', flavor: 'cpu', python: null };
  writeFileSync(join(host.packageDir, 'build/libtorch.json'), JSON.stringify({ ...record, addon: null }));
  expect(await doctor(host)).toBe(1);
  expect(host.said()).toContain(`${record.libtorch} does not exist, so it is not a libtorch`);
  expect(host.said()).toContain('- native/ changed since the addon was built');
});
