import { readFileSync } from 'node:fs';

/** The Python whose torch the addon is linked with; test/live-python.ts says what to do where there is none. */
export function interpreter() {
  const { python } = JSON.parse(
    readFileSync(new URL('../../../build/libtorch.json', import.meta.url), 'utf8'),
  );
  return python ?? process.env.LIBTORCH_NODE_PYTHON;
}
