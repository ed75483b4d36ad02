import { type Anchor, type Handle, native } from './native.js';
import { handleOf, internal, type Tensor } from './tensor.js';

/** What a subclass of Tensor gives to `super`: a new tensor over the memory of `data`, outside autograd and scopes. */
export function detached(
  data: Tensor,
  requiresGrad: boolean,
): [made: symbol, handle: Handle, anchor: Anchor] {
  // In a scope the object that `detach` makes does not own its tensor, so that the anchor made here is the only one.
  const scope = native.openScope();
  try {
    const handle = handleOf(data.detach());
    native.setRequiresGrad(handle, requiresGrad);
    return [internal, handle, native.anchor(handle)];
  } finally {
    native.closeScope(scope);
  }
}
