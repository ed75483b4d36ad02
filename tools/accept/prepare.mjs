// @ts-check
import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { buildAddon } from '../install/build.mjs';
import { readRecord } from '../install/build-record.mjs';
import { hostOf } from '../install/host.mjs';
import { InstallError } from '../install/install-error.mjs';
import { resolveLibtorch } from '../install/resolve.mjs';

const question = `
import json, platform, torch
gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else None
print(json.dumps({'torch': torch.__version__, 'python': platform.python_version(), 'gpu': gpu}))`;

/**
 * Builds the addon against the torch of the active Python (or LIBTORCH), unless a build for the CPU is here already, and
 * asks that Python what it has.
 * @param {'cuda' | 'cpu'} device
 * @param {(line: string) => void} say
 * @throws {InstallError} where there is no Python to compare with, or it sees no GPU
 */
export async function prepare(device, say) {
  const env = { CMAKE_BUILD_PARALLEL_LEVEL: `${availableParallelism()}`, ...process.env };
  if (!env.LIBTORCH && device === 'cuda') env.LIBTORCH_USE_PYTORCH ??= '1';
  const host = hostOf(env, say);
  const build = join(host.packageDir, 'build');
  if (device === 'cuda' || readRecord(build) === null) await buildAddon(host, await resolveLibtorch(host));
  const python = env.LIBTORCH_NODE_PYTHON ?? readRecord(build)?.python;
  if (!python) {
    throw new InstallError(
      'there is no PyTorch to compare with: the libtorch that the addon was built with did not come from a Python',
      'set LIBTORCH_NODE_PYTHON to a Python that has the same torch',
    );
  }
  const answer = execFileSync(python, ['-c', question], { encoding: 'utf8' });
  const found = JSON.parse(answer.trim().split('\n').at(-1) ?? '');
  if (device === 'cuda' && found.gpu === null) {
    throw new InstallError(
      `the torch ${found.torch} of ${python} sees no GPU`,
      'use a CUDA build of PyTorch',
    );
  }
  return {
    root: host.packageDir,
    python,
    title: `${found.gpu ?? 'CPU'}, torch ${found.torch}, Python ${found.python}, Node ${process.version}`,
  };
}
