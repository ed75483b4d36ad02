import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const { exports } = JSON.parse(readFileSync(here('package.json'), 'utf8')) as {
  exports: Record<string, string | { default: string }>;
};

// Tests import the package by its name, as a user does. Node itself loads what that names, so that there is one
// Tensor class however a test came to it.
const alias = Object.entries(exports).flatMap(([path, target]) =>
  typeof target === 'string'
    ? []
    : [{ find: new RegExp(`^libtorch-node${path.slice(1)}$`), replacement: here(target.default) }],
);

export default defineConfig({
  resolve: { alias },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.slow.test.ts'],
    server: { deps: { external: [/\/dist\//] } },
    // One process per file and one at a time: libtorch's threads, its seed and its flags are per process, and what is
    // measured or compared with Python needs the machine for itself.
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
