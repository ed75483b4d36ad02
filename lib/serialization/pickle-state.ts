import { OrderedDict } from '../ordered-dict.js';
import { setAttributes } from './attributes.js';
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
  const metadata: unknown = state instanceof Map ? state.get('_metadata') : undefined;
  if (!(metadata instanceof OrderedDict)) {
    setAttributes(target, state);
    return;
  }
  target.metadata = metadata as OrderedDict<string, Map<string, unknown>>;
  setAttributes(
    target,
    new Map([...(state as Map<string, unknown>)].filter(([name]) => name !== '_metadata')),
  );
}
