// The package as a user gets it: packed, installed into an empty project whose path has a space, built there.

import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'libtorch node '));
const project = join(folder, 'an empty project');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const snippet = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';

/** Without what the surrounding `npm test` tells its children: the inner npm is a user's own. */
const inherited = /^(npm_(package|lifecycle|config_local|config_strict)|INIT_CWD|NODE_OPTIONS|VITEST)/;
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !inherited.test(name)));

function run(program: string, args: string[], cwd = project) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (error) throw error;
  return { status, stdout, output: stdout + stderr };
}

function succeed(program: string, args: string[], cwd = project) {
  const { status, stdout, output } = run(program, args, cwd);
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${output}`);
  return stdout;
}

/** The same command at once, `count` times. */
function together(count: number, program: string, args: string[]) {
  const once = () =>
    new Promise<{ code: number | null; output: string }>((resolve) => {
      const child = spawn(program, args, { cwd: project, env, stdio: ['ignore', 'pipe', 'pipe'] });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
      child.once('close', (code) => resolve({ code, output }));
    });
  return Promise.all(Array.from({ length: count }, once));
}

interface Packed {
  filename: string;
  size: number;
  files: { path: string }[];
}
let packed: Packed;

beforeAll(() => {
  mkdirSync(project);
  const answer = succeed('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root);
  packed = (JSON.parse(answer) as [Packed])[0];
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({ name: 'empty', private: true, type: 'module' }),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the tarball', () => {
  test('is under 2 MB and has what a user compiles, and no photos', () => {
    expect(packed.size).toBeLessThan(2e6);
    console.log(`tarball: ${packed.size} bytes, ${packed.files.length} files`);
    const paths = packed.files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        'CMakeLists.txt',
        'native/addon.cc',
        'python/parity.py',
        'tools/install/cli.mjs',
        'dist/index.d.ts',
        'LICENSE',
      ]),
    );
    expect(paths.filter((path) => /^(examples|test|lib|bench|build|node_modules)\//.test(path))).toEqual([]);
  });

  test('is clean for publint', () => {
    expect(run(join(root, 'node_modules/.bin/publint'), ['--strict'], root)).toMatchObject({ status: 0 });
  });
});

describe('installed with --omit=dev --ignore-scripts', () => {
  beforeAll(() => {
    const tarball = join(folder, packed.filename);
    succeed('npm', ['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', tarball]);
  });

  test.each([
    ['import', ['--input-type=module', '-e', "await import('libtorch-node')"]],
    ['require', ['--input-type=commonjs', '-e', "require('libtorch-node')"]],
  ])('%s says which command builds the addon', (_name, args) => {
    const { status, output } = run(process.execPath, args);
    expect(status).toBe(1);
    expect(output).toContain('npx libtorch-node install');
    expect(output).toContain('npm install-scripts approve libtorch-node');
  });

  test('doctor says the same', () => {
    const { status, output } = run('npx', ['libtorch-node', 'doctor']);
    expect(status).toBe(1);
    expect(output).toContain('the addon is not built\n  fix: run `npx libtorch-node install`');
  });
});

describe('after that command, run twice at once', () => {
  beforeAll(async () => {
    const outcomes = await together(2, 'npx', ['libtorch-node', 'install']);
    for (const { code, output } of outcomes) if (code !== 0) throw new Error(output);
    const all = outcomes.map(({ output }) => output).join('\n');
    expect(all.match(/addon: compiling/g)).toHaveLength(1);
    expect(all.match(/addon: nothing changed/g)).toHaveLength(1);
  });

  test('doctor finds nothing wrong', () => {
    expect(succeed('npx', ['libtorch-node', 'doctor'])).toContain('nothing is wrong');
  });

  test("npm's own ways to build change nothing", () => {
    run('npm', ['install-scripts', 'approve', 'libtorch-node']); // npm 12 asks for it, npm 10 does not know it
    const begin = Date.now();
    const rebuilt = succeed('npm', ['rebuild', 'libtorch-node', '--foreground-scripts']);
    expect(rebuilt).toContain('addon: nothing changed');
    expect(Date.now() - begin).toBeLessThan(10_000);
  });

  test("the README's snippet runs as a module", () => {
    writeFileSync(join(project, 'snippet.mjs'), snippet);
    const losses = succeed(process.execPath, ['snippet.mjs']).trim().split('\n').map(Number);
    expect(losses).toHaveLength(5);
    for (const loss of losses) expect(loss).toBeGreaterThan(0);
    expect(statSync(join(project, 'model.pt')).size).toBeGreaterThan(1000);
  });

  test("the README's snippet runs with require, to the same bits", () => {
    const required = snippet.replace(
      "import * as torch from 'libtorch-node'",
      "const torch = require('libtorch-node')",
    );
    expect(required).not.toBe(snippet);
    writeFileSync(join(project, 'snippet.cjs'), `(async () => {\n${required}\n})();\n`);
    expect(succeed(process.execPath, ['snippet.cjs'])).toBe(succeed(process.execPath, ['snippet.mjs']));
  });

  test('import and require give one Tensor class', () => {
    const script = `import { createRequire } from 'node:module';
      import * as torch from 'libtorch-node';
      import * as nn from 'libtorch-node/nn';
      const required = createRequire(import.meta.url)('libtorch-node');
      console.log(required.Tensor === torch.Tensor, nn.Linear === torch.nn.Linear);`;
    expect(succeed(process.execPath, ['--input-type=module', '-e', script])).toBe('true true\n');
  });

  test('every export of package.json is there', () => {
    const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { exports: object };
    const names = Object.keys(exports).filter((path) => path !== './package.json');
    const script = names.map((path) => `await import('libtorch-node${path.slice(1)}');`).join('\n');
    succeed(process.execPath, ['--input-type=module', '-e', script]);
  });

  test('the xception program starts', () => {
    expect(succeed('npx', ['xception', '--help'])).toContain('overfit');
  });
});

describe.each([
  ['7', 'typescript@^7.0.0'],
  ['5.9', 'typescript@~5.9.0'],
])('TypeScript %s', (version, requirement) => {
  const compiler = join(folder, `typescript ${version}`);
  const options = ['--strict', '--target', 'es2022', '--module', 'nodenext', '--outDir'];
  beforeAll(() => {
    mkdirSync(compiler);
    writeFileSync(join(compiler, 'package.json'), '{ "private": true }');
    succeed('npm', ['install', '--no-audit', '--no-fund', requirement, '@types/node@20'], compiler);
  });
  const compile = (file: string, ...more: string[]) => {
    const tsc = join(compiler, 'node_modules/typescript/bin/tsc');
    const types = ['--typeRoots', join(compiler, 'node_modules/@types'), '--types', 'node'];
    return run(process.execPath, [tsc, ...options, `out${version}`, ...types, ...more, file]);
  };

  test("compiles the README's snippet under strict, and it runs", () => {
    writeFileSync(join(project, 'snippet.ts'), snippet);
    expect(compile('snippet.ts')).toMatchObject({ status: 0, output: '' });
    expect(succeed(process.execPath, [`out${version}/snippet.js`])).toBe(
      succeed(process.execPath, ['snippet.mjs']),
    );
  });

  test('types require', () => {
    const source = `import torch = require('libtorch-node');\nconst x: torch.Tensor = torch.ones([2]);\nconsole.log(x.shape);\n`;
    writeFileSync(join(project, 'required.cts'), source);
    expect(compile('required.cts')).toMatchObject({ status: 0, output: '' });
    expect(succeed(process.execPath, [`out${version}/required.cjs`])).toBe('[ 2 ]\n');
  });

  test('has types, not any', () => {
    const source = `import * as torch from 'libtorch-node';
      import { Xception } from 'libtorch-node/models';
      // @ts-expect-error a Tensor is no string
      export const text: string = torch.ones([2]);
      // @ts-expect-error no such option
      export const model = new Xception({ numClass: 4 });\n`;
    writeFileSync(join(project, 'typed.ts'), source);
    expect(compile('typed.ts', '--noEmit')).toMatchObject({ status: 0, output: '' });
  });
});
