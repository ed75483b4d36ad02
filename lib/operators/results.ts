// Reads an operator's results from the call buffer.

import { Complex } from '../complex.js';
import { dtypeOf } from '../dtype.js';
import type { Anchor, Handle } from '../native.js';
import { handleOf, internal, Tensor } from '../tensor.js';
import { bits, kinds, Tag, values } from './call-buffer.js';

let at = 0;
let anchorsRead = 0;

/** The argument that a result is: the same tensor of libtorch is the same JavaScript object. */
function argument(handle: Handle, self: Tensor | undefined, args: readonly unknown[]): Tensor {
  if (self !== undefined && handleOf(self) === handle) return self;
  for (const arg of args) {
    if (typeof arg !== 'object' || arg === null) continue;
    if (handleOf(arg) === handle) return arg as Tensor;
    const inner: readonly unknown[] = Array.isArray(arg) ? arg : Object.values(arg);
    for (const element of inner) {
      if (typeof element !== 'object' || element === null) continue;
      if (handleOf(element) === handle) return element as Tensor;
      if (Array.isArray(element)) {
        const nested = element.find(
          (value) => typeof value === 'object' && value && handleOf(value) === handle,
        );
        if (nested) return nested as Tensor;
      }
    }
  }
  throw new Error('a result names an argument that was not given');
}

function read(
  anchors: undefined | Anchor | Anchor[],
  self: Tensor | undefined,
  args: readonly unknown[],
): unknown {
  const tag = kinds[at] as number;
  const value = values[at++] as number;
  switch (tag) {
    case Tag.tensor:
      return new Tensor(internal, value, Array.isArray(anchors) ? anchors[anchorsRead++] : anchors);
    case Tag.same:
      return argument(value, self, args);
    case Tag.int:
    case Tag.float:
      return value;
    case Tag.bool:
      return value !== 0;
    case Tag.bigint:
      return bits[at - 1];
    case Tag.dtype:
      return dtypeOf(value);
    case Tag.complex:
      return new Complex(value, values[at++] as number);
    case Tag.tuple:
    case Tag.list: {
      const list: unknown[] = new Array(value);
      for (let i = 0; i < value; i++) list[i] = read(anchors, self, args);
      return list;
    }
    default:
      return null;
  }
}

/** `anchors` is what `native.call` answered: who owns the new tensors when no scope is open. */
export function readResults(
  anchors: undefined | Anchor | Anchor[],
  self: Tensor | undefined,
  args: readonly unknown[],
): unknown {
  // One new tensor is the rule; everything else may be slower.
  if (kinds[0] === Tag.tensor)
    return new Tensor(internal, values[0] as number, anchors as Anchor | undefined);
  at = 0;
  anchorsRead = 0;
  return read(anchors, self, args);
}
