// @ts-check
// npm run sanitize -- PROGRAM [ARGUMENTS]: runs a program of this package, the fuzzer for one, with the addon compiled
// for AddressSanitizer (GCC's), in a copy of the package under build/sanitized. What stands in lists of the allocator
// would hide from it, so the allocator is libtorch's own there. Leaks are not its concern: test/leak is theirs. Its
// operator new ends the process where another throws: the fuzzer counts what asks for terabytes of objects as a crash.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stage = join(root, 'build', 'sanitized');

/** @param {string[]} args @param {Record<string, string>} env @returns {number} exit code */
function run(args, env) {
  const { status, signal } = spawnSync(process.execPath, args, {
    cwd: stage,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  if (signal) console.error(`sanitize: ${args[0]} ended with ${signal}`);
  return status ?? 1;
}

function copy() {
  mkdirSync(join(stage, 'build'), { recursive: true });
  for (const name of ['native', 'dist', 'test', 'examples']) {
    rmSync(join(stage, name), { recursive: true, force: true });
    cpSync(join(root, name), join(stage, name), { recursive: true, preserveTimestamps: true });
  }
  for (const name of ['package.json', 'CMakeLists.txt', 'build/libtorch.json'])
    cpSync(join(root, name), join(stage, name));
  if (!existsSync(join(stage, 'node_modules')))
    symlinkSync(join(root, 'node_modules'), join(stage, 'node_modules'));
}

function compile() {
  const { libtorch } = JSON.parse(readFileSync(join(stage, 'build', 'libtorch.json'), 'utf8'));
  const cmakeJs = createRequire(import.meta.url).resolve('cmake-js/bin/cmake-js');
  const paths = ['--directory', '.', '--out', 'build', `--CDLIBTORCH=${libtorch}`];
  const status = run([cmakeJs, 'build', '--log-level', 'warn', '--CDSANITIZE=ON', ...paths], {
    CMAKE_BUILD_PARALLEL_LEVEL: process.env.CMAKE_BUILD_PARALLEL_LEVEL ?? '2',
  });
  if (status !== 0) process.exit(status);
  // An addon without the checks runs as well, and finds nothing.
  if (readFileSync(join(stage, 'build', 'Release', 'libtorch_node.node')).includes('__asan_report_load8'))
    return;
  console.error('sanitize: the addon was compiled without AddressSanitizer');
  process.exit(1);
}

const program = process.argv.slice(2);
if (program.length === 0) {
  console.error('sanitize: name a program, such as test/fuzz/main.mjs --calls 20000');
  process.exit(2);
}
copy();
compile();
const library = execFileSync(process.env.CXX ?? 'c++', ['-print-file-name=libasan.so'], { encoding: 'utf8' });
process.exitCode = run(program, {
  LD_PRELOAD: library.trim(),
  // libtorch is not compiled for it: what its containers hold is not marked.
  ASAN_OPTIONS: 'detect_leaks=0:detect_container_overflow=0:allocator_may_return_null=1',
  LIBTORCH_NODE_MALLOPT: '0',
});
