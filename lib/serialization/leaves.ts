import { isTensor, type Tensor } from '../tensor.js';

/** What a checkpoint holds besides containers, by its path: keys and indices joined with dots. */
export interface Leaves {
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Numbers, strings, lists of them, and whatever else. */
  readonly values: ReadonlyMap<string, unknown>;
}

/** Takes nested dicts, lists and tuples apart; a container that holds itself is entered once. */
export function leavesOf(root: unknown): Leaves {
  const tensors = new Map<string, Tensor>();
  const values = new Map<string, unknown>();
  const entered = new Set<unknown>();
  const pending: [path: string, value: unknown][] = [['', root]];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const [path, value] = next;
    const entries = isTensor(value) ? null : entriesOf(value);
    if (isTensor(value)) tensors.set(path, value);
    else if (entries === null) values.set(path, value);
    else if (!entered.has(value)) {
      entered.add(value);
      const inner = entries.map(([key, item]): [string, unknown] => [
        path === '' ? `${key}` : `${path}.${key}`,
        item,
      ]);
      // Last in, first out.
      pending.push(...inner.reverse());
    }
  }
  return { tensors, values };
}

// A list of numbers or strings says more as a whole.
function entriesOf(value: unknown): [unknown, unknown][] | null {
  if (value instanceof Map) return [...value];
  const isList = Array.isArray(value) && value.some((item) => typeof item === 'object' && item !== null);
  return isList ? value.map((item, index) => [index, item]) : null;
}
