import { int64 } from '../dtype.js';
import { ValueError } from '../errors.js';
import { scope } from '../memory.js';
import { Linear, type StateDict } from '../nn/index.js';
import { aten } from '../operators/ops.js';
import { type Names, requireNames } from '../options.js';
import { OrderedDict } from '../ordered-dict.js';
import { storageNbytes } from '../storage.js';
import type { Tensor } from '../tensor.js';
import { type Carried, metadataOf } from './carried.js';
import { recognize } from './families.js';
import type { Architecture, Family, FamilyName } from './family.js';
import { FEATURES, layoutOf } from './layout.js';
import type { Preprocessing } from './preprocessing.js';
import { squared } from './squared.js';

export interface ConvertOptions {
  /** Whose weights they are; the keys do not always tell. */
  family?: FamilyName;
  /** Only the tensors whose names begin with this, which is then left out. */
  prefix?: string;
  /** 'skip' leaves the classifier out; a number of classes puts a new one there, drawn as `nn.Linear` draws. */
  head?: 'keep' | 'skip' | number;
}

export const convertNames: Names<ConvertOptions> = { family: true, prefix: true, head: true };

/** What was done to the tensors on the way. */
export interface ConversionReport {
  readonly family: FamilyName;
  /** Families with the same keys; their preprocessing may differ. */
  readonly alsoFits: readonly FamilyName[];
  /** What stood before every key. */
  readonly prefix: string;
  /** Keys of the file whose pointwise (2-D) or depthwise (3-D) weights became 4-D. */
  readonly reshaped: readonly string[];
  /** Our keys that the file lacked: counters of BatchNorm, now 0. */
  readonly added: readonly string[];
  /** Keys under the prefix that are no part of the network and were left out. */
  readonly unused: readonly string[];
  /** 'absent': the file has none. */
  readonly head: 'kept' | 'skipped' | 'new' | 'absent';
}

/** An Xception's tensors in our names, and what else it takes to use them. */
export interface XceptionWeights extends Carried {
  readonly state: StateDict;
  readonly inChannels: number;
  /** null: without a classifier. */
  readonly numClasses: number | null;
  readonly report: ConversionReport;
}

/**
 * Brings the tensors of any known Xception into the names and shapes of ours.
 *
 * @param carried what a file that was converted before says of itself
 * @throws ValueError when it is another network, tensors are missing, or a shape is wrong
 */
export function convertXception(
  tensors: ReadonlyMap<string, Tensor>,
  options: ConvertOptions = {},
  carried: Carried | null = null,
): XceptionWeights {
  requireNames(convertXception, options, convertNames);
  const { head = 'keep', prefix: chosen = '' } = options;
  const candidates = new Map(
    [...tensors]
      .filter(([key]) => key.startsWith(chosen))
      .map(([key, value]) => [key.slice(chosen.length), value]),
  );
  const { family, prefix, alsoFits } = recognize([...candidates.keys()], options.family);
  return scope(() => {
    const { found, unused } = renamed(candidates, family, { prefix, keepsHead: head === 'keep' });
    const old = found.get('fc.weight')?.tensor.size(0) ?? null;
    const numClasses = head === 'keep' ? old : head === 'skip' ? null : head;
    if (typeof head === 'number') addHead(found, head);
    const inChannels = found.get('entry_conv1.0.weight')?.tensor.size(1) ?? 3;
    const { state, reshaped, added } = arranged(found, layoutOf(inChannels, numClasses));
    const origin: Carried = carried ?? { family: family.name, ...comesWith(family) };
    state.metadata = metadataOf(origin);
    const done = { keep: old === null ? 'absent' : 'kept', skip: 'skipped' } as const;
    const report: ConversionReport = {
      ...{ family: family.name, alsoFits, prefix: chosen + prefix, reshaped, added, unused },
      head: typeof head === 'number' ? 'new' : done[head],
    };
    return { ...origin, state, inChannels, numClasses, report };
  });
}

function comesWith({ architecture, preprocessing }: Family): {
  architecture: Architecture;
  preprocessing: Preprocessing | null;
} {
  return { architecture, preprocessing };
}

interface Found {
  /** In the file. */
  readonly key: string;
  readonly tensor: Tensor;
}

function renamed(
  tensors: ReadonlyMap<string, Tensor>,
  family: Family,
  { prefix, keepsHead }: { prefix: string; keepsHead: boolean },
) {
  const found = new Map<string, Found>();
  const unused: string[] = [];
  for (const [key, tensor] of tensors) {
    // An optimizer's state, say.
    if (!key.startsWith(prefix)) continue;
    const ours = family.rename(key.slice(prefix.length), tensor.shape);
    // What goes may be several layers, which would all want the one place.
    if (ours?.startsWith('fc.') && !keepsHead) continue;
    const before = ours === null ? undefined : found.get(ours);
    if (before) throw new ValueError(`its tensors '${before.key}' and '${key}' would both be ${ours}`);
    if (ours === null) unused.push(key);
    else found.set(ours, { key, tensor: family.arrange?.(tensor, ours) ?? tensor });
  }
  return { found, unused };
}

function addHead(found: Map<string, Found>, classes: number): void {
  const { weight, bias } = new Linear(FEATURES, classes);
  found.set('fc.weight', { key: 'fc.weight', tensor: weight });
  if (bias) found.set('fc.bias', { key: 'fc.bias', tensor: bias });
}

const COUNTER = '.num_batches_tracked';

function arranged(found: ReadonlyMap<string, Found>, layout: ReadonlyMap<string, readonly number[]>) {
  const state: StateDict = new OrderedDict();
  const [reshaped, added]: [string[], string[]] = [[], []];
  const missing = [...layout.keys()].filter((key) => !found.has(key) && !key.endsWith(COUNTER));
  if (missing.length > 0) {
    throw new ValueError(
      `it is incomplete: ${missing.length} of the ${layout.size} tensors are missing, the first is ${missing[0]}`,
    );
  }
  for (const [ours, shape] of layout) {
    const { key, tensor } = found.get(ours) ?? { key: '', tensor: aten.zeros([], { dtype: int64 }) };
    if (key === '') added.push(ours);
    const fitting = squared(tensor, shape);
    if (fitting === null) {
      throw new ValueError(
        `its tensor '${key}' has shape [${tensor.shape.join(', ')}] and should have [${shape.join(', ')}] (${ours})`,
      );
    }
    if (fitting.dim() !== tensor.dim()) reshaped.push(key);
    state.set(ours, compact(fitting));
  }
  return { state, reshaped, added };
}

// A view would bring all of its storage into the file.
function compact(tensor: Tensor): Tensor {
  const plain = tensor.detach().contiguous();
  return storageNbytes(plain) > plain.nbytes ? plain.clone() : plain;
}
