import { type Anchor, type Handle, native } from './native.js';
import { aten } from './operators/ops.js';
import { handleOf, internal, type Tensor } from './tensor.js';

/** What a subclass of Tensor gives to `super`: a view of `data`, which the open scope owns, if there is one. */
export function aliased(data: Tensor): [made: symbol, handle: Handle, anchor: Anchor | undefined] {
  // In a scope of its own the object that `alias` makes does not own its tensor, so that there is one owner.
  const scope = native.openScope();
  const kept: Handle[] = [];
  let anchors: Anchor[] | undefined;
  try {
    kept.push(handleOf(aten.alias(data)));
  } finally {
    anchors = native.closeScope(scope, kept);
  }
  return [internal, kept[0] as Handle, anchors?.[0]];
}
