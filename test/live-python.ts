// Short scripts in the PyTorch that the addon is linked with (test/parity runs whole programs in it).

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

function interpreter(): string {
  const record = readFileSync(new URL('../build/libtorch.json', import.meta.url), 'utf8');
  const python = (JSON.parse(record) as { python?: string }).python ?? process.env.LIBTORCH_NODE_PYTHON;
  if (python) return python;
  throw new Error(
    'build/libtorch.json names no Python: set LIBTORCH_NODE_PYTHON to one that has the same torch',
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
