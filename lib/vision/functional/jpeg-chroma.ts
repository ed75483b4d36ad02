import { tensor } from '../../creation.js';
import { float64 } from '../../dtype.js';
import { aten } from '../../operators/ops.js';
import type { Tensor } from '../../tensor.js';
import { padToMultiple } from './jpeg-blocks.js';

/** The means of two by two pixels, of a size that blocks of 8 fit into. */
export function halve(plane: Tensor): Tensor {
  const even = padToMultiple(plane, [2, 16]);
  const [height, width] = even.shape as [number, number];
  const sums = even.view([height / 2, 2, width / 2, 2]).sum([1, 3]);
  // Halves are rounded down and up in turn.
  const bias = tensor([1, 2], { dtype: float64 }).repeat([width / 4]);
  return padToMultiple(sums.add(bias).div(4).floor(), [8, 8]);
}

/** Twice as high and wide, each pixel leaning to its nearest neighbours, three to one in both directions. */
export function double(plane: Tensor): Tensor {
  const width = plane.size(1);
  // So narrow a plane libjpeg repeats.
  if (width <= 2) return plane.repeatInterleave(2, 0).repeatInterleave(2, 1);
  const rows = leaned(plane, 0);
  const [left, right] = leaned(aten.stack(rows, 1).flatten(0, 1), 1) as [Tensor, Tensor];
  const columns = [left.add(8), right.add(7)].map((sum) => sum.div(16).floor());
  return aten.stack(columns, 2).flatten(1, 2);
}

/** 3 parts of each and 1 part of the one before, and of the one behind; at the border, of itself. */
function leaned(plane: Tensor, dim: 0 | 1): Tensor[] {
  const count = plane.size(dim);
  const before = aten.cat([plane.narrow(dim, 0, 1), plane.narrow(dim, 0, count - 1)], dim);
  const behind = aten.cat([plane.narrow(dim, 1, count - 1), plane.narrow(dim, count - 1, 1)], dim);
  return [before, behind].map((neighbour) => plane.mul(3).add(neighbour));
}
