// Writes lib/generated from the operators of the resolver's PyTorch. `--check` only says whether the files differ.
//   node tools/generate/ops.mjs [--check]

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { namespaces, renderFunctions, renderNames, renderNamespace, renderTypings } from './render.mjs';
import { isOut, parseSchema } from './schema.mjs';

const here = (path) => new URL(path, import.meta.url);

const record = JSON.parse(readFileSync(here('../../build/libtorch.json'), 'utf8'));
const python = record.python ?? process.env.LIBTORCH_NODE_PYTHON;
if (!python)
  throw new Error('set LIBTORCH_NODE_PYTHON to a Python that has the torch the addon was built against');
const dump = execFileSync(python, [fileURLToPath(here('schemas.py'))], {
  maxBuffer: 1 << 26,
  encoding: 'utf8',
});
const { version, operators } = JSON.parse(dump);

const all = operators
  .filter(({ declared, overload }) => declared && !/name/i.test(overload)) // named tensors are not exposed
  .map((operator) => ({ ...operator, ...parseSchema(operator.schema) }))
  .map((operator) => ({ ...operator, out: isOut(operator) }));

const files = {
  'ops.ts': renderTypings(version, all),
  'names.ts': renderNames(version, all),
  'functions.ts': renderFunctions(version, all),
  ...Object.fromEntries(namespaces.map((name) => [`${name}.ts`, renderNamespace(version, all, name)])),
};

mkdirSync(here('../../lib/generated'), { recursive: true });
for (const [name, text] of Object.entries(files)) {
  const path = here(`../../lib/generated/${name}`);
  if (!process.argv.includes('--check')) writeFileSync(path, text);
  else if (readFileSync(path, 'utf8') !== text) {
    console.error(`lib/generated/${name} is not what PyTorch ${version} registers: npm run generate`);
    process.exitCode = 1;
  }
}
