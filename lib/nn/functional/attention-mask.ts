// The masks of multi-head attention, and Python's checks of its shapes.

import { bool, type DType } from '../../dtype.js';
import { TorchError } from '../../errors.js';
import { aten } from '../../operators/ops.js';
import { sizeText, tupleText } from '../../python-text.js';
import type { Tensor } from '../../tensor.js';

type Mask = Tensor | null | undefined;

/** True for [L, N, E], false for [L, E]. Python's assertions are TorchErrors here. */
export function checkShapes(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  keyPaddingMask: Mask,
  attnMask: Mask,
  numHeads: number,
): boolean {
  const dims = query.dim();
  if (dims !== 2 && dims !== 3) {
    throw new TorchError(
      `query should be unbatched 2D or batched 3D tensor but received ${dims}-D query tensor`,
    );
  }
  const kind = dims === 3 ? 'batched (3-D)' : 'unbatched (2-D)';
  if (key.dim() !== dims || value.dim() !== dims) {
    throw new TorchError(
      `For ${kind} \`query\`, expected \`key\` and \`value\` to be ${dims}-D but found ${key.dim()}-D and ${value.dim()}-D tensors respectively`,
    );
  }
  if (keyPaddingMask && keyPaddingMask.dim() !== dims - 1) {
    throw new TorchError(
      `For ${kind} \`query\`, expected \`key_padding_mask\` to be \`None\` or ${dims - 1}-D but found ${keyPaddingMask.dim()}-D tensor instead`,
    );
  }
  if (!attnMask) return dims === 3;
  if (attnMask.dim() !== 2 && attnMask.dim() !== 3) {
    throw new TorchError(
      `For ${kind} \`query\`, expected \`attn_mask\` to be \`None\`, 2-D or 3-D but found ${attnMask.dim()}-D tensor instead`,
    );
  }
  const expected = [numHeads, query.size(0), key.size(0)];
  if (dims === 2 && attnMask.dim() === 3 && sizeText(attnMask.shape) !== sizeText(expected)) {
    throw new TorchError(
      `Expected \`attn_mask\` shape to be ${tupleText(expected)} but got ${sizeText(attnMask.shape)}`,
    );
  }
  return dims === 3;
}

/** A mask to add to the scores: −∞ where a boolean one is true. */
export function additiveMask(mask: Mask, name: string, dtype: DType): Tensor | null {
  if (!mask) return null;
  if (mask.dtype.isFloatingPoint) return mask;
  if (mask.dtype !== bool) {
    throw new TorchError(`only bool and floating types of ${name} are supported`);
  }
  return aten.zerosLike(mask, { dtype }).maskedFill_(mask, -Infinity);
}

/** The attention mask with its leading dimension, 1 or N · heads. */
export function sized(mask: Tensor | null, length: number, source: number, heads: number): Tensor | null {
  if (!mask) return null;
  const flat = mask.dim() === 2;
  const expected = flat ? [length, source] : [heads, length, source];
  if (sizeText(mask.shape) !== sizeText(expected)) {
    throw new TorchError(
      `The shape of the ${mask.dim()}D attn_mask is ${sizeText(mask.shape)}, but should be ${tupleText(expected)}.`,
    );
  }
  return flat ? mask.unsqueeze(0) : mask;
}
