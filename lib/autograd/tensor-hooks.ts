import { type Handle, type Hook, native } from '../native.js';
import type { RemovableHandle } from '../removable-handle.js';
import { handleOf, requireHandle, type Tensor, wrap } from '../tensor.js';

function removable(hook: Hook): RemovableHandle {
  const remove = () => native.removeHook(hook);
  return { remove, [Symbol.dispose]: remove };
}

/**
 * `hook` sees the gradient of the tensor each time it is computed; what it returns replaces it (Tensor.register_hook).
 * The graph keeps the hook: one that uses its own tensor keeps it alive until it is removed, or the tensor disposed.
 */
export function registerHook(
  tensor: Tensor,
  hook: (gradient: Tensor) => Tensor | null | undefined,
): RemovableHandle {
  const call = (gradient: Handle): Handle => {
    const replaced = hook(wrap(gradient));
    return replaced === undefined || replaced === null ? 0 : requireHandle(replaced, 'what a hook returns');
  };
  return removable(native.registerHook(handleOf(tensor), call));
}

/**
 * `hook` sees the leaf each time its `grad` was accumulated: an optimizer may step and free the gradient there
 * (Tensor.register_post_accumulate_grad_hook).
 */
export function registerPostAccumulateGradHook(
  tensor: Tensor,
  hook: (tensor: Tensor) => void,
): RemovableHandle {
  // Weak: the tensor holds the hook.
  const registered = new WeakRef(tensor);
  const call = (handle: Handle): Handle => {
    const known = registered.deref();
    if (known === undefined || known.disposed) {
      hook(wrap(handle));
    } else {
      native.dispose(handle);
      hook(known);
    }
    return 0;
  };
  return removable(native.registerPostAccumulateGradHook(handleOf(tensor), call));
}
