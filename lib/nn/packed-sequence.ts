// Sequences of different lengths as one batch (torch.nn.utils.rnn).

import { tensor } from '../creation.js';
import { int64 } from '../dtype.js';
import { ValueError } from '../errors.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { type Names, requireNames } from '../options.js';
import { isTensor, type Tensor } from '../tensor.js';
import { Tuple } from '../tuple.js';
import type { ModuleToTarget } from './module-to.js';

/**
 * The time steps of all sequences, longest first, one after another: made by `packPaddedSequence`. A tuple of its four
 * parts, as in Python.
 */
export class PackedSequence extends Tuple<Tensor | null> {
  constructor(
    data: Tensor,
    batchSizes: Tensor,
    sortedIndices: Tensor | null = null,
    unsortedIndices: Tensor | null = null,
  ) {
    super();
    if (batchSizes.device.type !== 'cpu') {
      throw new ValueError(
        'batch_sizes should always be on CPU. Instances of PackedSequence should never be created manually. They ' +
          'should be instantiated by functions like pack_sequence and pack_padded_sequences in nn.utils.rnn. ' +
          'https://pytorch.org/docs/stable/nn.html#torch.nn.utils.rnn.pack_sequence',
      );
    }
    this.push(data, batchSizes, sortedIndices, unsortedIndices ?? invertPermutation(sortedIndices));
  }

  /** [sum of lengths, *] */
  get data(): Tensor {
    return this[0] as Tensor;
  }

  /** How many sequences reach each time step; int64, on the CPU. */
  get batchSizes(): Tensor {
    return this[1] as Tensor;
  }

  get sortedIndices(): Tensor | null {
    return this[2] as Tensor | null;
  }

  get unsortedIndices(): Tensor | null {
    return this[3] as Tensor | null;
  }

  /** The data on another device or in another dtype; the indices follow to the device. */
  to(target: ModuleToTarget): PackedSequence {
    const data = (this.data.to as (target: unknown) => Tensor).call(this.data, target);
    if (data === this.data) return this;
    const { device } = data;
    const [sorted, unsorted] = [this.sortedIndices, this.unsortedIndices];
    return new PackedSequence(data, this.batchSizes, sorted?.to(device), unsorted?.to(device));
  }
}

export function invertPermutation(permutation: Tensor | null): Tensor | null {
  if (permutation === null) return null;
  const { device } = permutation;
  return scope(() => {
    const places = aten.arange(0, permutation.numel(), { device });
    return aten.emptyLike(permutation).scatter_(0, permutation, places);
  });
}

export interface PackOptions {
  /** The padded batch is [N, T, *] instead of [T, N, *]. */
  batchFirst?: boolean;
  /** Refuses lengths that do not fall; otherwise the sequences are sorted here. */
  enforceSorted?: boolean;
}

/** Packs a padded batch [T, N, *] by its lengths. */
export function packPaddedSequence(
  input: Tensor,
  lengths: Tensor | readonly number[],
  options: PackOptions = {},
): PackedSequence {
  requireNames(packPaddedSequence, options, { batchFirst: true, enforceSorted: true });
  const { batchFirst = false, enforceSorted = true } = options;
  const asked = isTensor(lengths) ? lengths.to(int64) : tensor(lengths, { dtype: int64 });
  if (enforceSorted) return new PackedSequence(...aten._packPaddedSequence(input, asked, batchFirst));
  const [sorted, order] = aten.sort(asked, { descending: true });
  const indices = order.to(input.device);
  const picked = input.indexSelect(batchFirst ? 0 : 1, indices);
  return new PackedSequence(...aten._packPaddedSequence(picked, sorted, batchFirst), indices);
}

export interface PadOptions {
  batchFirst?: boolean;
  paddingValue?: number;
}

const padNames: Names<PadOptions> = { batchFirst: true, paddingValue: true };

/** The inverse of `packPaddedSequence`: [the padded batch, the lengths]. */
export function padPackedSequence(
  sequence: PackedSequence,
  options: PadOptions & { totalLength?: number | null } = {},
): [padded: Tensor, lengths: Tensor] {
  requireNames(padPackedSequence, options, { ...padNames, totalLength: true });
  const { batchFirst = false, paddingValue = 0, totalLength } = options;
  const longest = sequence.batchSizes.size(0);
  if (totalLength != null && totalLength < longest) {
    throw new ValueError(
      'Expected total_length to be at least the length of the longest sequence in input, but got ' +
        `total_length=${totalLength} and max sequence length being ${longest}`,
    );
  }
  const { data, batchSizes, unsortedIndices } = sequence;
  const [padded, lengths] = aten._padPackedSequence(
    data,
    batchSizes,
    batchFirst,
    paddingValue,
    totalLength ?? longest,
  );
  if (!unsortedIndices) return [padded, lengths];
  return [padded.indexSelect(batchFirst ? 0 : 1, unsortedIndices), lengths.index(unsortedIndices.cpu())];
}

/** Sequences [T_i, *] as one padded batch [T, N, *]. */
export function padSequence(
  sequences: Iterable<Tensor>,
  options: PadOptions & { paddingSide?: 'left' | 'right' } = {},
): Tensor {
  requireNames(padSequence, options, { ...padNames, paddingSide: true });
  const { batchFirst = false, paddingValue = 0, paddingSide = 'right' } = options;
  return aten.padSequence([...sequences], batchFirst, paddingValue, paddingSide);
}

/** The sequences of a padded batch, without their padding. As in PyTorch, a batch [T, N, *] is transposed in place. */
export function unpadSequence(
  padded: Tensor,
  lengths: Tensor,
  options: { batchFirst?: boolean } = {},
): Tensor[] {
  requireNames(unpadSequence, options, { batchFirst: true });
  const { batchFirst = false } = options;
  if (!batchFirst) padded.transpose_(0, 1);
  return scope(() => {
    const places = aten.arange(padded.size(1), { device: lengths.device });
    return [...padded].map((sequence, i) => sequence.index(places.lt(lengths.select(0, i))));
  });
}

/** Sequences [T_i, *] as a packed one. */
export function packSequence(
  sequences: readonly Tensor[],
  options: { enforceSorted?: boolean } = {},
): PackedSequence {
  requireNames(packSequence, options, { enforceSorted: true });
  const { enforceSorted = true } = options;
  const lengths = sequences.map((sequence) => sequence.size(0));
  return packPaddedSequence(padSequence(sequences), lengths, { enforceSorted });
}

/** The sequences of a packed one. */
export function unpackSequence(packed: PackedSequence): Tensor[] {
  const [padded, lengths] = padPackedSequence(packed, { batchFirst: true });
  return unpadSequence(padded, lengths, { batchFirst: true });
}
