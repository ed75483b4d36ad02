// Writes the JavaScript of dist/: one file for the core of lib/ and one for each other folder, since a file per source
// costs a process a third of a second at its start. The packages that lib/ imports stay imports; types come from tsc.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
const { exports, bin } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

const entries = [
  ...Object.values(exports).flatMap((target) => target.default ?? []),
  bin.xception,
  'dist/data/thread.js',
  // Read by tests and tools beside the public names.
  'dist/cuda/memory-summary.js',
  'dist/names.js',
  'dist/error-kinds.js',
  'dist/operators/observer.js',
  'dist/profiler/table.js',
  'dist/serialization/byte-source.js',
  'dist/serialization/errors.js',
  'dist/serialization/opcodes.js',
  'dist/serialization/pickle-globals.js',
  'dist/serialization/pickle-reader.js',
  'dist/serialization/storage-loader.js',
  'dist/serialization/surrogate-pass.js',
  'dist/serialization/zip-reader.js',
  'dist/storage.js',
].map((file) => file.replace(/^.*dist\/|\.js$/g, ''));

/** A program: to load it is to run it. */
const thread = 'lib/data/thread.ts';
/** The rooms of the core: one file with the root files of lib/. */
const core = 'generated|autograd|functional|operators|printing';
/** Those that others import come first. train and cli are cut where they import late: a command loads what it needs. */
const order = 'cuda nn optim data serialization vision jit amp swa masked profiler models weights';

const bundle = await rolldown({
  cwd: root,
  platform: 'node',
  input: Object.fromEntries(entries.map((name) => [name, `lib/${name}.ts`])),
  external: /^(?![./])/,
  tsconfig: 'tsconfig.json',
});
await bundle.write({
  dir: 'dist',
  format: 'esm',
  sourcemap: true,
  entryFileNames: '[name].js',
  chunkFileNames: '[name].js',
  codeSplitting: {
    groups: [
      // What reads options needs these without libtorch.
      { name: 'core-errors', test: /\/lib\/errors\.ts$/ },
      { name: 'core', test: new RegExp(`/lib/((${core})/)?[^/]+(?<!/lib/index)\\.ts$`) },
      ...order.split(' ').map((folder) => ({
        name: folder,
        test: (file) => file.includes(`/lib/${folder}/`) && !file.endsWith(thread),
      })),
    ],
  },
});
