import type { OrderedDict } from '../ordered-dict.js';
import type { Tensor } from '../tensor.js';
import { BadTensorError } from './errors.js';
import { carryFloats } from './float-entries.js';

const attributes = new WeakMap<object, Map<string, unknown>>();

/**
 * What Python keeps in an object's `__dict__`: `tensor.tag = 'x'` there is `attributesOf(tensor).set('tag', 'x')` here.
 * Files carry it, for tensors, Parameters and OrderedDicts (whose `_metadata` is `metadata`).
 */
export function attributesOf(object: Tensor | OrderedDict<unknown, unknown>): Map<string, unknown> {
  const known = attributes.get(object);
  if (known !== undefined) return known;
  const fresh = new Map<string, unknown>();
  attributes.set(object, fresh);
  return fresh;
}

/** Takes the `__dict__` of a file; anything but a dict of names is refused. */
export function setAttributes(object: Tensor | OrderedDict<unknown, unknown>, dict: unknown): void {
  if (!(dict instanceof Map)) throw new BadTensorError('attributes that are not a dict');
  const own = attributesOf(object);
  for (const [name, value] of dict) {
    if (typeof name !== 'string') throw new BadTensorError('an attribute without a name');
    own.set(name, value);
  }
  carryFloats(dict, own, (name) => name);
}

/** The attributes, or undefined where there are none. */
export function existingAttributes(object: object): ReadonlyMap<string, unknown> | undefined {
  const known = attributes.get(object);
  return known && known.size > 0 ? known : undefined;
}
