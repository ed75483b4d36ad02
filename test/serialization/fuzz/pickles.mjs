// The pickle machine on its own: pickles of every corpus file, broken or not, with bytes changed and opcodes put in.
// Pickles that reach code that none before them reached are changed further.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as torch from '../../../dist/index.js';
import { overBytes } from '../../../dist/serialization/byte-source.js';
import { CheckpointError } from '../../../dist/serialization/errors.js';
import { OP } from '../../../dist/serialization/opcodes.js';
import { findGlobal, findOrKeepGlobal } from '../../../dist/serialization/pickle-globals.js';
import { PickleReader } from '../../../dist/serialization/pickle-reader.js';
import { StorageLoader } from '../../../dist/serialization/storage-loader.js';
import { ZipReader } from '../../../dist/serialization/zip-reader.js';
import { emptyStorage } from '../../../dist/storage.js';
import { Coverage } from './coverage.mjs';
import { fingerprint } from './fingerprint.mjs';
import { reshaped } from './mutate.mjs';
import { opcode } from './pickle-opcodes.mjs';
import { Random } from './random.mjs';

const LARGEST = 4096;
const BATCH = 20;
const MOST_KEPT = 2000;
const MOST_SECONDS = 2;
const NUMBERED = new Set([OP.BININT1, OP.BININT2, OP.BINGET, OP.LONG1]);

function seeds() {
  const folder = fileURLToPath(new URL('../corpus/', import.meta.url));
  return readdirSync(folder)
    .filter((name) => name.endsWith('.pt'))
    .flatMap((name) => pickleIn(readFileSync(folder + name)));
}

function pickleIn(bytes) {
  try {
    const pickle = Buffer.from(new ZipReader(overBytes(bytes)).read('data.pkl'));
    return pickle.length <= LARGEST ? [pickle] : [];
  } catch {
    return [];
  }
}

/** @returns outcomes, and the functions of the machine that no pickle reached */
export function fuzzPickles(count, seed, progress) {
  const random = new Random(seed);
  const pickles = seeds();
  const coverage = new Coverage(
    new URL('../../../dist/serialization.js', import.meta.url).href,
    /\/serialization\/(pickle-|python-calls|rebuild|numpy|storage-loader)/,
  );
  const outcomes = { pickles: pickles.length, value: 0 };
  for (let round = 0; round < count; ) {
    const batch = Array.from({ length: BATCH }, () => variant(random.pick(pickles), random));
    for (const pickle of batch) {
      const kind = attempt(pickle, random, `round ${round} of seed ${seed}`);
      outcomes[kind] = (outcomes[kind] ?? 0) + 1;
      round += 1;
    }
    if (coverage.grew() && pickles.length < MOST_KEPT) pickles.push(...batch);
    if (round % 1000 === 0) progress(round);
  }
  return { ...outcomes, kept: pickles.length, ...coverage.finish() };
}

function variant(pickle, random) {
  const mutated = random.below(2) === 0 ? numbersChanged(pickle, random) : reshaped(pickle, random);
  if (random.below(2) === 0) return mutated.subarray(0, LARGEST);
  const at = random.below(mutated.length + 1);
  return Buffer.concat([mutated.subarray(0, at), opcode(random), mutated.subarray(at)]).subarray(0, LARGEST);
}

// Sizes, strides, offsets and references: the pickle stays one, and says something else.
function numbersChanged(pickle, random) {
  const copy = Buffer.from(pickle);
  const places = [...copy.keys()].filter((at) => NUMBERED.has(copy[at]) && at + 1 < copy.length);
  for (let left = 1 + random.below(2); left > 0 && places.length > 0; left -= 1) {
    copy[random.pick(places) + 1] = random.pick([0, 1, 2, 3, 5, 8, 127, 255]);
  }
  return copy;
}

function attempt(pickle, random, where) {
  const find = random.below(3) === 0 ? findOrKeepGlobal : findGlobal;
  const begin = performance.now();
  let kind;
  try {
    kind = torch.scope(() => read(pickle, find, random.below(2) === 0));
  } catch (error) {
    throw new Error(`${where}: ${error.stack}\n${pickle.toString('base64')}`);
  }
  if (performance.now() - begin > 1000 * MOST_SECONDS) throw new Error(`${where} took too long`);
  return kind;
}

function read(pickle, find, isNative) {
  const source = {
    isNative,
    nameOf: (key) => key,
    sizeOf: () => 16,
    read: (key) => emptyStorage(16).fill_(key.length),
  };
  const storages = new StorageLoader(source, 'cpu');
  try {
    fingerprint(new PickleReader(pickle, (id) => storages.load(id), find).read());
    return 'value';
  } catch (error) {
    if (error instanceof CheckpointError) return error.name;
    throw error;
  } finally {
    storages.dispose();
  }
}
