// Short scripts in the PyTorch that the addon is linked with (test/parity runs whole programs in it).

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const record = new URL('../build/libtorch.json', import.meta.url);

/** A comparison without PyTorch proves nothing, so it fails instead of being skipped. */
export function interpreter(): string {
  const recorded = existsSync(record) ? JSON.parse(readFileSync(record, 'utf8')).python : undefined;
  const python = recorded ?? process.env.LIBTORCH_NODE_PYTHON;
  if (python) return python;
  throw new Error(
    'there is no PyTorch to compare with: build/libtorch.json names no Python (libtorch did not come from one, or ' +
      '`npx libtorch-node install` has not run). Set LIBTORCH_NODE_PYTHON to a Python that has the same torch.',
  );
}

/** Runs a script that prints JSON; `input` is there as the variable of that name. */
export function runPython<T>(script: string, input: unknown = null): T {
  const source = `import json, sys\ninput = json.load(sys.stdin)\n${script}`;
  const stdout = execFileSync(interpreter(), ['-c', source], {
    input: JSON.stringify(input),
    maxBuffer: 1 << 28,
    encoding: 'utf8',
  });
  return JSON.parse(stdout) as T;
}
