import { int64 } from '../dtype.js';
import { aten } from '../operators/ops.js';
import { storageNbytes } from '../storage.js';
import { isTensor, type Tensor } from '../tensor.js';
import { BadTensorError, UnsupportedCheckpointError } from './errors.js';

/** buffer, sizes, strides, offsets: each row of the tables is one tensor over the one-dimensional buffer. */
export function rebuildNested(...[buffer, sizes, strides, offsets]: unknown[]): Tensor {
  if (!isTensor(buffer) || !isTable(sizes, 2) || !isTable(strides, 2) || !isTable(offsets, 1)) {
    throw new BadTensorError('a nested tensor is incomplete');
  }
  if (buffer.device.type === 'meta')
    throw new UnsupportedCheckpointError('a nested tensor cannot be on meta');
  const [count = 0, rank = 0] = sizes.shape;
  const agrees = strides.size(0) === count && strides.size(1) === rank && offsets.numel() === count;
  if (!agrees || buffer.dim() !== 1 || !buffer.isContiguous()) {
    throw new BadTensorError('the parts of a nested tensor contradict each other');
  }
  const [table, steps, starts] = [sizes, strides, offsets].map(integers) as [bigint[], bigint[], bigint[]];
  const length = BigInt(buffer.numel());
  for (let i = 0; i < count; i += 1) {
    const row = table.slice(i * rank, (i + 1) * rank);
    const start = starts[i] as bigint;
    const last = row.reduce((at, size, dim) => at + (size - 1n) * (steps[i * rank + dim] as bigint), start);
    const isProper = [start, ...row, ...steps.slice(i * rank, (i + 1) * rank)].every(
      (number) => number >= 0n,
    );
    if (!isProper || (!row.includes(0n) && last >= length)) {
      throw new BadTensorError(`part ${i} of a nested tensor reaches past its buffer`);
    }
  }
  return aten._nestedViewFromBuffer(buffer, sizes, strides, offsets);
}

// Reading the tables touches every element: a view that repeats a few bytes without end must not get there.
function isTable(value: unknown, rank: number): value is Tensor {
  return (
    isTensor(value) && value.dtype === int64 && value.dim() === rank && value.nbytes <= storageNbytes(value)
  );
}

function integers(tensor: Tensor): bigint[] {
  return Array.from(tensor.cpu().contiguous().typedArray() as BigInt64Array);
}
