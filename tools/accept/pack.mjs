// @ts-check
// What a machine with a GPU and without a registry needs, as two files: accept.sh, and everything else packed.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** In MiB: what may be carried to such a machine at once. */
const limit = 64;

/** Sources, what is compiled of them, and the tests. */
export const sources = [
  ...['package.json', 'CMakeLists.txt', 'vitest.config.ts', 'tsconfig.json', 'LICENSE'],
  ...['native', 'lib', 'dist', 'tools', 'bench', 'examples/photos'],
  ...['test/live-python.ts', 'test/parity', 'test/cuda'],
];

/** Large packages that no check loads: Keras' files, style sheets. */
const leftOut = ['h5wasm', 'lightningcss', 'lightningcss-linux-x64-gnu'];

/**
 * The folders in node_modules that running and testing need, from the lock file: the package's dependencies and vitest.
 * @returns {string[]}
 */
export function packageFolders() {
  const read = (/** @type {string} */ name) => JSON.parse(readFileSync(join(root, name), 'utf8'));
  const locked = read('package-lock.json').packages;
  const found = new Set();
  const visit = (/** @type {string} */ from, /** @type {string} */ name) => {
    const folder = foldersUpwards(from, name).find((each) => each in locked);
    if (!folder || found.has(folder) || leftOut.includes(name) || !existsSync(join(root, folder))) return;
    found.add(folder);
    const { dependencies, optionalDependencies, peerDependencies } = locked[folder];
    for (const next of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }))
      visit(folder, next);
  };
  for (const name of [...Object.keys(read('package.json').dependencies), 'vitest']) visit('', name);
  return [...found].sort();
}

/** Where Node looks for a package that one in `from` asks for, nearest first. @param {string} from @param {string} name */
function foldersUpwards(from, name) {
  const folders = [];
  for (
    let at = from;
    ;
    at = at.includes('/node_modules/') ? at.slice(0, at.lastIndexOf('/node_modules/')) : ''
  ) {
    folders.push(join(at, 'node_modules', name));
    if (at === '') return folders;
  }
}

const unread = /\.(d\.[cm]?ts|map|md|markdown|flow)$/;

/** Copies a package without its own packages, typings and documents. @param {string} folder @param {string} stage */
function copyPackage(folder, stage) {
  const own = join(root, folder);
  const filter = (/** @type {string} */ path) => path !== join(own, 'node_modules') && !unread.test(path);
  cpSync(own, join(stage, folder), { recursive: true, dereference: true, filter });
}

/** @param {string} stage */
function copyAll(stage) {
  for (const name of sources) {
    const filter = (/** @type {string} */ path) => !/__pycache__|\.map$/.test(path);
    mkdirSync(dirname(join(stage, name)), { recursive: true });
    cpSync(join(root, name), join(stage, name), { recursive: true, filter });
  }
  for (const folder of packageFolders()) copyPackage(folder, stage);
  mkdirSync(join(stage, 'bin'));
  cpSync(process.execPath, join(stage, 'bin', 'node'), { dereference: true });
}

/**
 * Writes the two files into `folder`.
 * @param {string} folder
 * @param {(line: string) => void} say
 * @returns {Promise<number>} exit code
 */
export async function pack(folder, say) {
  if (!existsSync(join(root, 'dist', 'index.js')))
    throw new Error('dist/ is not there: npm run build makes it');
  const stage = mkdtempSync(join(tmpdir(), 'libtorch-node-pack-'));
  const archive = join(folder, 'libtorch-node.tar.xz');
  mkdirSync(folder, { recursive: true });
  try {
    copyAll(stage);
    const order = `tar --sort=name --owner=0 --group=0 -cf - -C "$1" ${readdirSync(stage).sort().join(' ')}`;
    const script = `set -o pipefail; ${order} | xz -T0 -7 > "$2"`;
    const { status } = spawnSync('bash', ['-c', script, 'pack', stage, archive], { stdio: 'inherit' });
    if (status !== 0) throw new Error('tar or xz failed: both must be installed where the bundle is made');
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
  cpSync(fileURLToPath(new URL('accept.sh', import.meta.url)), join(folder, 'accept.sh'));
  const megabytes = statSync(archive).size / 2 ** 20;
  say(`accept: ${archive}, ${megabytes.toFixed(1)} MiB, and accept.sh; there: bash accept.sh`);
  if (megabytes <= limit) return 0;
  say(`accept: more than ${limit} MiB, which may be too much to carry`);
  return 1;
}
