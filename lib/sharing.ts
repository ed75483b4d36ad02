import { native } from './native.js';
import { requireHandle, type Tensor, wrap } from './tensor.js';

/** Stands for a tensor on its way to another thread; `postMessage` takes it. */
export interface SharedTensor {
  readonly libtorchNodeTensor: number;
}

/**
 * A token with which another worker_thread, or this one, gets a tensor over the same memory by {@link adopt}, once.
 * What nobody adopted is freed when this thread ends. Both sides see each other's changes and nothing orders them:
 * agree by messages who writes. Throws TorchError for a tensor that is part of a graph; detach it first.
 */
export function share(tensor: Tensor): SharedTensor {
  return { libtorchNodeTensor: native.shareTensor(requireHandle(tensor, 'tensor')) };
}

/** The tensor of a token. Throws TorchError for a token that was adopted already. */
export function adopt(token: SharedTensor): Tensor {
  const number = (token as Partial<SharedTensor> | null | undefined)?.libtorchNodeTensor;
  if (!Number.isSafeInteger(number)) throw new TypeError('adopt() takes what share() answered');
  return wrap(native.adoptTensor(number as number));
}
