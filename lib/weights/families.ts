import { ValueError } from '../errors.js';
import { alignedName } from './aligned.js';
import { cadene } from './cadene.js';
import { CADENE_ANCHOR } from './cadene-keys.js';
import { faceForensics } from './face-forensics.js';
import type { Family, FamilyName } from './family.js';
import { keras } from './keras.js';
import { own } from './own.js';
import { pytorchcv } from './pytorchcv.js';
import { timm } from './timm.js';
import { tstandley } from './tstandley.js';

export const FAMILIES: readonly Family[] = [own, timm, cadene, tstandley, pytorchcv, faceForensics, keras];

export interface Recognized {
  readonly family: Family;
  /** What stands before every key of the network: `module.`, `state_dict.model.`, ... */
  readonly prefix: string;
  /** Other families that have the same keys; they differ in the preprocessing. */
  readonly alsoFits: readonly FamilyName[];
}

/**
 * Tells from the keys whose Xception it is.
 *
 * @param given the family, where the caller knows it
 * @throws ValueError when it is none, an Aligned Xception, or more than one is in the file
 */
export function recognize(keys: readonly string[], given?: FamilyName): Recognized {
  const aligned = alignedName(keys);
  if (aligned) {
    throw new ValueError(
      `it is an Aligned Xception (${aligned}), another network than Xception: ` +
        'it has three separable convolutions per block and no max pooling, so its weights fit nothing here',
    );
  }
  const matches = [...new Set(FAMILIES.map(({ anchor }) => anchor))].flatMap((anchor) =>
    keys
      .filter((key) => key === anchor || key.endsWith(`.${anchor}`))
      .map((key) => ({ anchor, prefix: key.slice(0, -anchor.length) })),
  );
  const [found, second] = matches;
  if (!found) throw new ValueError(`it holds no Xception that is known: ${described(keys)}`);
  if (second) {
    const prefixes = matches.map(({ prefix }) => JSON.stringify(prefix)).join(' and ');
    throw new ValueError(`it holds more than one Xception, under ${prefixes}; say which one: prefix`);
  }
  const { anchor, prefix } = found;
  const same = FAMILIES.filter((family) => family.anchor === anchor);
  const family = given ? same.find(({ name }) => name === given) : likeliest(same, keys, prefix);
  if (!family) {
    throw new ValueError(
      `its keys are not those of ${given}, but of ${same.map(({ name }) => name).join(', ')}`,
    );
  }
  return { family, prefix, alsoFits: same.filter((other) => other !== family).map(({ name }) => name) };
}

function likeliest(same: readonly Family[], keys: readonly string[], prefix: string): Family | undefined {
  if (same[0]?.anchor !== CADENE_ANCHOR || keys.includes(`${prefix}fc.weight`)) return same[0];
  const isWrapped = /(^|\.)model\.$/.test(prefix) || keys.includes(`${prefix}last_linear.1.weight`);
  return isWrapped ? faceForensics : cadene;
}

function described(keys: readonly string[]): string {
  if (keys.length === 0) return 'it has no tensors';
  const shown = keys.slice(0, 3).map((key) => JSON.stringify(key));
  return `its ${keys.length} tensors are named ${shown.join(', ')}${keys.length > 3 ? ' and so on' : ''}`;
}
