// Whole files with bytes changed. The loader may refuse them or load them; where every record has a checksum, what it
// loads is what the file held before.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { attempt } from './attempt.mjs';
import { changed } from './mutate.mjs';
import { Random } from './random.mjs';

const LARGEST = 8192;

/** Files that load, small enough to be loaded a hundred thousand times. */
export function seeds() {
  return ['../corpus/', '../golden/'].flatMap((folder) => {
    const path = fileURLToPath(new URL(folder, import.meta.url));
    return readdirSync(path)
      .filter((name) => name.endsWith('.pt'))
      .map((name) => ({ name, bytes: readFileSync(path + name) }))
      .filter(({ bytes }) => bytes.length <= LARGEST)
      .map((seed) => ({ ...seed, ...attempt(seed.bytes, {}) }))
      .filter(({ value }) => value !== undefined)
      .map((seed) => ({ ...seed, isChecked: isChecked(seed.bytes) }));
  });
}

/** @returns how often each outcome came; `progress(done)` is called now and then */
export function fuzzArchives(count, seed, progress) {
  const random = new Random(seed);
  const files = seeds();
  const outcomes = { files: files.length, same: 0, other: 0 };
  for (let round = 0; round < count; round += 1) {
    const { name, bytes, value, isChecked: checked } = random.pick(files);
    const mutated = changed(bytes, random);
    try {
      const outcome = attempt(mutated, { keepUnknown: random.below(4) === 0 });
      const kind = outcome.error ?? (outcome.value === value ? 'same' : 'other');
      if (kind === 'other' && checked) throw new Error('it loaded as another value, and no checksum told');
      outcomes[kind] = (outcomes[kind] ?? 0) + 1;
    } catch (error) {
      throw new Error(
        `round ${round} of seed ${seed}, ${name} changed: ${error.stack}\n${mutated.toString('base64')}`,
      );
    }
    if (round % 1000 === 999) progress(round + 1);
  }
  return outcomes;
}

// Every record of the directory has a checksum; only empty ones may have 0.
function isChecked(bytes) {
  if (bytes.readUInt32LE(0) !== 0x04034b50) return false;
  for (let at = bytes.indexOf('PK\x01\x02'); at >= 0; at = bytes.indexOf('PK\x01\x02', at + 1)) {
    if (bytes.readUInt32LE(at + 16) === 0 && bytes.readUInt32LE(at + 24) !== 0) return false;
  }
  return true;
}
