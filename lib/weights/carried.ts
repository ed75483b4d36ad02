// What a converted file says besides its tensors: in the `_metadata` of a state dict, which PyTorch passes over, or in the
// `__metadata__` of a safetensors file. Names are Python's; preprocessing is as timm's `pretrained_cfg`.

import { ValueError } from '../errors.js';
import { camelToSnake, snakeToCamel } from '../names.js';
import { OrderedDict } from '../ordered-dict.js';
import type { Architecture, FamilyName } from './family.js';
import type { Preprocessing } from './preprocessing.js';

export interface Carried {
  /** Whose weights they were. */
  readonly family: FamilyName;
  readonly architecture: Architecture;
  readonly preprocessing: Preprocessing | null;
}

/** The key of {@link Carried} in either kind of metadata. */
export const CARRIED = 'xception';

/** Python's form: dicts, lists, numbers and strings. */
export function recordOf(carried: Carried): Record<string, unknown> {
  return renamed({ ...carried }, camelToSnake) as Record<string, unknown>;
}

/** `_metadata` for a state dict that carries this. */
export function metadataOf(carried: Carried): OrderedDict<string, Map<string, unknown>> {
  return new OrderedDict([
    [
      '',
      new Map<string, unknown>([
        ['version', 1],
        [CARRIED, recordOf(carried)],
      ]),
    ],
  ]);
}

/** What is in the metadata of a state dict, or null. Throws ValueError when it is not what {@link recordOf} makes. */
export function carriedIn(state: unknown): Carried | null {
  const record = state instanceof OrderedDict ? state.metadata?.get('')?.get(CARRIED) : undefined;
  return record === undefined ? null : carriedOf(record);
}

/** Reads Python's form. Throws ValueError when it is something else. */
export function carriedOf(record: unknown): Carried {
  const carried = renamed(record, snakeToCamel) as Partial<Carried> | null;
  const { architecture, preprocessing } = carried ?? {};
  if (isObject(architecture) && (preprocessing === null || isPreprocessing(preprocessing)))
    return carried as Carried;
  throw new ValueError(
    `its metadata '${CARRIED}' is not what xception convert writes; convert the weights again`,
  );
}

function isPreprocessing(value: unknown): value is Preprocessing {
  if (!isObject(value)) return false;
  const { inputSize, mean, std, cropPct, cropMode, interpolation } = value;
  const isNumbers = (list: unknown) =>
    Array.isArray(list) && list.length === 3 && list.every(Number.isFinite);
  return (
    [inputSize, mean, std].every(isNumbers) &&
    Number.isFinite(cropPct) &&
    typeof interpolation === 'string' &&
    (cropMode === 'center' || cropMode === 'squash')
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// Maps come from pickles, objects from JSON and from here.
function renamed(value: unknown, rename: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, rename));
  if (!isObject(value)) return value;
  const entries: [string, unknown][] = value instanceof Map ? [...value] : Object.entries(value);
  return Object.fromEntries(entries.map(([key, item]) => [rename(`${key}`), renamed(item, rename)]));
}
