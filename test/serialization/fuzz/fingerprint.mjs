import { createHash } from 'node:crypto';

import * as torch from '../../../dist/index.js';

/** A hash of all that a loaded value holds: structure, identity, numbers, the memory of tensors. */
export function fingerprint(value) {
  const hash = createHash('sha1');
  const seen = new Map();
  // Depth is up to the file, so it costs no stack.
  const pending = [value];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next !== 'object' || next === null) {
      hash.update(`${typeof next} ${Object.is(next, -0) ? '-0' : String(next)};`);
    } else if (seen.has(next)) {
      hash.update(`again ${seen.get(next)};`);
    } else {
      seen.set(next, seen.size);
      hash.update(`${next.constructor?.name};`);
      pending.push(...parts(next, hash));
    }
  }
  return hash.digest('hex');
}

function parts(object, hash) {
  if (torch.isTensor(object)) return tensorParts(object, hash);
  if (object instanceof Map) return [...object, object.metadata];
  if (object instanceof Set || Array.isArray(object)) return [...object];
  if (ArrayBuffer.isView(object)) hash.update(object);
  else if (object instanceof torch.serialization.Storage) return [object.dtype?.name, object.bytes];
  else if (object.constructor?.name.startsWith('Unknown')) return Object.values(object);
  else hash.update(String(object));
  return [];
}

function tensorParts(tensor, hash) {
  hash.update(`${tensor.dtype} ${tensor.device} ${tensor.layout} ${tensor.requiresGrad};`);
  if (tensor.isNested) return tensor.unbind();
  hash.update(`${tensor.shape} ${tensor.storageOffset?.()};`);
  if (tensor.layout === torch.sparseCoo) return [tensor._indices(), tensor._values()];
  if (tensor.layout !== torch.strided) return [tensor.values()];
  hash.update(`${tensor.stride()};`);
  if (tensor.device.type === 'cpu' && tensor.numel() <= 1 << 16 && tensor.dtype.kind !== 'quantized') {
    // A copy: a contiguous tensor of one element may have any stride, and then no view as bytes.
    const bytes = tensor
      .detach()
      .resolveConj()
      .resolveNeg()
      .clone({ memoryFormat: torch.contiguousFormat })
      .reshape([-1])
      .view(torch.uint8);
    hash.update(bytes.typedArray());
  }
  return [[...torch.serialization.attributesOf(tensor)]];
}
