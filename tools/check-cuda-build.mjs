// @ts-check
// npm run test:cuda-build [-- test files]: compiles the addon against a CUDA build of PyTorch and runs tests with it,
// in a copy of the package under build/cuda-check, on a machine that needs no GPU. LIBTORCH_CUDA_ENVIRONMENT names
// the Python environment that has that PyTorch; it is made (4.6 GB) where it does not exist.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const version = '2.14.1';
const root = fileURLToPath(new URL('..', import.meta.url));
const stage = join(root, 'build', 'cuda-check');
const environment = process.env.LIBTORCH_CUDA_ENVIRONMENT;
const chosen = process.argv.slice(2);
const tests =
  chosen.length > 0 ? chosen : ['test/ops', 'test/autograd', 'test/random', 'test/memory', 'test/leak'];

/** Without dependencies, and each of them named: triton and NVIDIA's tools are not needed to load torch. */
const packages = [
  ...[`torch==${version}`, 'numpy', 'filelock', 'typing-extensions', 'sympy', 'mpmath', 'networkx', 'jinja2'],
  ...[
    'MarkupSafe',
    'fsspec',
    'nvidia-cublas==13.1.1.3',
    'nvidia-cuda-cupti==13.0.85',
    'nvidia-cuda-nvrtc==13.0.88',
  ],
  ...['nvidia-cudnn-cu13==9.24.0.43', 'nvidia-cufft==12.0.0.61', 'nvidia-curand', 'nvidia-cusolver'],
  ...['nvidia-cusparse', 'nvidia-cusparselt-cu13==0.8.1', 'nvidia-nccl-cu13==2.30.7', 'nvidia-nvjitlink'],
  ...['nvidia-nvshmem-cu13==3.4.5', 'nvidia-cufile', 'nvidia-nvtx'],
];

/** @param {string} program @param {string[]} args @param {Record<string, string>} [env] */
function run(program, args, env = {}) {
  const { status } = spawnSync(program, args, {
    cwd: stage,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  if (status !== 0) {
    console.error(`check-cuda-build: ${program} ${args[0]} failed`);
    process.exit(1);
  }
}

if (!environment) {
  console.error(
    'check-cuda-build: set LIBTORCH_CUDA_ENVIRONMENT to a folder for a Python environment (4.6 GB)',
  );
  process.exit(2);
}
mkdirSync(stage, { recursive: true });
for (const name of ['native', 'dist', 'python', 'test', 'lib', 'tools']) {
  rmSync(join(stage, name), { recursive: true, force: true });
  cpSync(join(root, name), join(stage, name), { recursive: true, preserveTimestamps: true });
}
for (const name of ['package.json', 'CMakeLists.txt', 'vitest.config.ts', 'vitest.slow.config.ts'])
  cpSync(join(root, name), join(stage, name));
if (!existsSync(join(stage, 'node_modules')))
  symlinkSync(join(root, 'node_modules'), join(stage, 'node_modules'));

const python = join(environment, 'bin', 'python');
if (!existsSync(python)) {
  run('python3', ['-m', 'venv', environment]);
  run(python, ['-m', 'pip', 'install', '--no-deps', ...packages], {
    PIP_RETRIES: process.env.PIP_RETRIES ?? '1',
  });
}
const lib = join(environment, 'lib');
const site = readdirSync(lib).find((name) => name.startsWith('python3')) ?? '';
const LIBTORCH = join(lib, site, 'site-packages', 'torch');
run(process.execPath, ['tools/install/cli.mjs', 'install'], { LIBTORCH, LIBTORCH_FLAVOR: 'cuda' });
run(process.execPath, ['tools/install/cli.mjs', 'doctor']);
run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...tests]);
