import type { DType } from '../dtype.js';
import { TorchError } from '../errors.js';

const notLeaf = 'you can only change requires_grad flags of leaf variables.';
const detach =
  " If you want to use a computed variable in a subgraph that doesn't require differentiation use var_no_grad = var.detach().";

interface Flagged {
  isLeaf: boolean;
  dtype: DType;
}

function check(flag: unknown): asserts flag is boolean {
  if (typeof flag !== 'boolean') throw new TypeError(`requiresGrad must be a boolean, not ${typeof flag}`);
}

const differentiable = ({ dtype }: Flagged) => dtype.isFloatingPoint || dtype.isComplex;

/** What Python checks at `tensor.requires_grad = flag`. */
export function checkAssigned(tensor: Flagged, flag: boolean): void {
  check(flag);
  if (!tensor.isLeaf) throw new TorchError(flag ? notLeaf : notLeaf + detach);
  if (flag && !differentiable(tensor)) {
    throw new TorchError('only Tensors of floating point and complex dtype can require gradients');
  }
}

/** What Python checks at `tensor.requires_grad_(flag)`, which takes computed tensors too. */
export function checkCalled(tensor: Flagged, flag: boolean): void {
  check(flag);
  if (!flag && !tensor.isLeaf) throw new TorchError(notLeaf + detach);
  if (flag && !differentiable(tensor)) {
    throw new TorchError('only Tensors of floating point dtype can require gradients');
  }
}
