// Models in several files, and an index that says which tensor is where: `model.safetensors.index.json`, as
// huggingface_hub writes it.

import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { TorchError } from '../../errors.js';
import { requireNames } from '../../options.js';
import type { Tensor } from '../../tensor.js';
import { writeAtomically } from '../atomic-file.js';
import { SafetensorError } from './errors.js';
import { inFileOrder, type Metadata, type Tensors } from './layout.js';
import { type SafeOpenOptions, safeOpen } from './safe-file.js';
import { saveFile } from './save-file.js';

export const INDEX_ENDING = '.safetensors.index.json';

export interface SaveShardedOptions {
  /** A file becomes no larger than this unless one tensor alone is. Default 5e9, that of huggingface_hub. */
  maxShardBytes?: number;
  /** Strings for every file. */
  metadata?: Metadata | null;
}

/**
 * Loads the tensors of an index from the files beside it.
 *
 * @throws SafetensorError when a file and the index contradict each other; all files are opened before any is loaded
 */
export function loadIndex(path: string, options: SafeOpenOptions = {}): Map<string, Tensor> {
  const weightMap = readIndex(path);
  const files = new Map(
    [...new Set(weightMap.values())].sort().map((file) => [file, openBeside(path, file, options)]),
  );
  try {
    for (const [file, opened] of files) requireSameNames(path, file, weightMap, opened.keys());
    const tensors = new Map<string, Tensor>();
    for (const [name, file] of weightMap) {
      tensors.set(name, files.get(file)?.getTensor(name) as Tensor);
    }
    return tensors;
  } finally {
    for (const file of files.values()) file.close();
  }
}

/**
 * Writes tensors, in the order given, to `model-00001-of-00002.safetensors` and so on beside the index
 * `model.safetensors.index.json`, the index last; one file is enough for little, the index is written all the same.
 *
 * @throws what {@link saveFile} throws
 */
export function saveIndex(tensors: Tensors, path: string, options: SaveShardedOptions = {}): void {
  requireNames(saveIndex, options, { maxShardBytes: true, metadata: true });
  const { maxShardBytes = 5e9, metadata = null } = options;
  const stem = stemOf(path);
  const shards = shardsOf(tensors, maxShardBytes);
  const weightMap: [string, string][] = [];
  for (const [index, shard] of shards.entries()) {
    const number = (n: number) => `${n}`.padStart(5, '0');
    const file = `${stem}-${number(index + 1)}-of-${number(shards.length)}.safetensors`;
    saveFile(shard.tensors, join(dirname(path), file), metadata);
    for (const name of shard.tensors.keys()) weightMap.push([name, file]);
  }
  const total = shards.reduce((sum, { nbytes }) => sum + nbytes, 0);
  const index = { metadata: { total_size: total }, weight_map: Object.fromEntries(weightMap) };
  writeAtomically(path, (file) => file.write(Buffer.from(`${JSON.stringify(index, null, 2)}\n`)));
}

interface Shard {
  tensors: Map<string, Tensor>;
  nbytes: number;
}

function shardsOf(tensors: Tensors, most: number): Shard[] {
  const sizes = new Map(inFileOrder(tensors).map(({ name, nbytes }) => [name, nbytes]));
  const shards: Shard[] = [{ tensors: new Map(), nbytes: 0 }];
  for (const [name, tensor] of tensors instanceof Map ? tensors : Object.entries(tensors)) {
    const nbytes = sizes.get(name) as number;
    let shard = shards.at(-1) as Shard;
    if (shard.tensors.size > 0 && shard.nbytes + nbytes > most) {
      shard = { tensors: new Map(), nbytes: 0 };
      shards.push(shard);
    }
    shard.tensors.set(name, tensor);
    shard.nbytes += nbytes;
  }
  return shards;
}

function stemOf(path: string): string {
  if (path.endsWith(INDEX_ENDING)) return basename(path, INDEX_ENDING);
  throw new SafetensorError(`cannot save ${path}: the name of an index must end in ${INDEX_ENDING}`);
}

function readIndex(path: string): Map<string, string> {
  let index: unknown;
  try {
    index = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new TorchError(`cannot load ${path}: ${(error as Error).message}`, { cause: error });
  }
  const weightMap = (index as { weight_map?: unknown } | null)?.weight_map;
  if (typeof weightMap !== 'object' || weightMap === null || Array.isArray(weightMap)) {
    throw new SafetensorError(
      `cannot load ${path}: it has no weight_map, so it is not an index of safetensors files`,
    );
  }
  const entries = Object.entries(weightMap);
  for (const [name, file] of entries) {
    if (typeof file === 'string' && file === basename(file) && file.endsWith('.safetensors')) continue;
    const place = `${JSON.stringify(name)} should be in a .safetensors file beside it`;
    throw new SafetensorError(`cannot load ${path}: ${place}, not in ${JSON.stringify(file)}`);
  }
  return new Map(entries as [string, string][]);
}

function openBeside(path: string, file: string, options: SafeOpenOptions): ReturnType<typeof safeOpen> {
  return safeOpen(join(dirname(path), file), options);
}

function requireSameNames(
  path: string,
  file: string,
  weightMap: ReadonlyMap<string, string>,
  names: readonly string[],
): void {
  const held = new Set(names);
  const missing = [...weightMap].find(([name, place]) => place === file && !held.has(name));
  const extra = names.find((name) => weightMap.get(name) !== file);
  if (missing === undefined && extra === undefined) return;
  const problem = missing
    ? `${file} should have the tensor ${JSON.stringify(missing[0])} and has not`
    : `${file} has the tensor ${JSON.stringify(extra)}, which the index does not place there`;
  throw new SafetensorError(
    `cannot load ${path}: ${problem}; the files are of different versions, get all again`,
  );
}
