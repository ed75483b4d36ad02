import { isTensor, type Tensor } from '../tensor.js';
import { LimitExceededError } from './errors.js';
import { DEEPEST } from './limits.js';
import { UnknownObject } from './unknown.js';

/** What a checkpoint holds besides containers, by its path: keys and indices joined with dots. */
export interface Leaves {
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Numbers, strings, lists of them, and whatever else. */
  readonly values: ReadonlyMap<string, unknown>;
}

/**
 * Takes nested dicts, lists and tuples apart, and records of classes that are not known; a container that holds itself
 * is entered once. A module that was pickled whole has its tensors under the names of its state dict.
 */
export function leavesOf(root: unknown): Leaves {
  const tensors = new Map<string, Tensor>();
  const values = new Map<string, unknown>();
  const entered = new Set<unknown>();
  const pending: [path: string, value: unknown, depth: number][] = [['', root, 0]];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const [path, value, depth] = next;
    const entries = isTensor(value) ? null : entriesOf(value);
    if (isTensor(value)) tensors.set(path, value);
    else if (entries === null) values.set(path, value);
    else if (!entered.has(value)) {
      // Paths grow with the depth, and every leaf has one.
      if (depth === DEEPEST) throw new LimitExceededError(`its values are nested more than ${DEEPEST} deep`);
      entered.add(value);
      // Last in, first out.
      for (const [key, item] of entries.reverse())
        pending.push([path === '' ? `${key}` : `${path}.${key}`, item, depth + 1]);
    }
  }
  return { tensors, values };
}

// A list of numbers or strings says more as a whole.
function entriesOf(value: unknown): [unknown, unknown][] | null {
  if (value instanceof UnknownObject) return moduleEntries(value) ?? recordEntries(value);
  if (value instanceof Map) return [...value];
  const isList = Array.isArray(value) && value.some((item) => typeof item === 'object' && item !== null);
  return isList ? value.map((item, index) => [index, item]) : null;
}

function moduleEntries({ state }: UnknownObject): [unknown, unknown][] | null {
  if (!(state instanceof Map)) return null;
  const parts = ['_parameters', '_buffers', '_modules'].map((name): unknown => state.get(name));
  if (!parts.every((part) => part instanceof Map)) return null;
  const left: unknown = state.get('_non_persistent_buffers_set');
  const isKept = (name: unknown) => !(left instanceof Set && left.has(name));
  // A bias that a layer does without is None.
  return parts.flatMap((part) => [...part]).filter(([name, value]) => value !== null && isKept(name));
}

function recordEntries({ className, args, state, items, entries }: UnknownObject): [unknown, unknown][] {
  return [
    ['__class__', className],
    ...(state instanceof Map ? state : [['__state__', state]].filter(() => state !== undefined)),
    ...[...args, ...items].map((item, index): [unknown, unknown] => [index, item]),
    ...entries,
  ] as [unknown, unknown][];
}
