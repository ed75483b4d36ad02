import { OrderedDict } from '../ordered-dict.js';
import { attributesOf, setAttributes } from './attributes.js';
import { UnsupportedCheckpointError } from './errors.js';
import { giveState } from './unbuilt.js';
import { UnknownObject } from './unknown.js';

/** What BUILD does: gives an object the state that its pickle holds. Answers with it, or with what takes its place. */
export function build(target: unknown, state: unknown): unknown {
  if (target instanceof UnknownObject) {
    target.state = state;
    return target;
  }
  if (target instanceof OrderedDict) {
    buildOrderedDict(target, state);
    return target;
  }
  const built = typeof target === 'object' && target !== null ? giveState(target, state) : null;
  if (built !== null) return built;
  throw new UnsupportedCheckpointError('an object carries a state of its own, which cannot be read');
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
