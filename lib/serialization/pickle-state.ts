import { OrderedDict } from '../ordered-dict.js';
import { attributesOf, setAttributes } from './attributes.js';
import { UnsupportedCheckpointError } from './errors.js';
import { giveState } from './unbuilt.js';
import { UnknownObject } from './unknown.js';

/** What BUILD does: gives an object the state that its pickle holds. */
export function build(target: unknown, state: unknown): void {
  if (target instanceof UnknownObject) {
    target.state = state;
  } else if (target instanceof OrderedDict) {
    buildOrderedDict(target, state);
  } else if (typeof target !== 'object' || target === null || !giveState(target, state)) {
    throw new UnsupportedCheckpointError('an object carries a state of its own, which cannot be read');
  }
}

// A state dict has its versions as the attribute `_metadata`.
function buildOrderedDict(target: OrderedDict<unknown, unknown>, state: unknown): void {
  setAttributes(target, state);
  const attributes = attributesOf(target);
  const metadata = attributes.get('_metadata');
  if (!(metadata instanceof OrderedDict)) return;
  target.metadata = metadata as OrderedDict<string, Map<string, unknown>>;
  attributes.delete('_metadata');
}
