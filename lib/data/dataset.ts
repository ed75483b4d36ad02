import { IndexError, ValueError } from '../errors.js';
import type { Tensor } from '../tensor.js';

/** A map from an index to a sample (torch.utils.data.Dataset). */
export abstract class Dataset<T> {
  /** The number of samples. */
  abstract get length(): number;

  /** The sample at `index`. */
  abstract get(index: number): T | Promise<T>;

  /**
   * The samples of a whole batch, in the order of `indices` (Python's `__getitems__`). A dataset that waits for files
   * overrides it to wait for all of them at once; whatever draws random numbers must still run in that order.
   */
  getItems?(indices: readonly number[]): T[] | Promise<T[]>;
}

/** Samples that come one after the other and have no index (torch.utils.data.IterableDataset). */
export abstract class IterableDataset<T> {
  /** Begins anew. In a worker `getWorkerInfo()` says which part of the samples is asked for. */
  abstract [Symbol.iterator](): Iterator<T> | AsyncIterator<T>;

  /** The number of samples, where it is known. */
  get length(): number {
    throw new TypeError(
      `object of type '${this.constructor.name}' has no len(): give the dataset a \`length\``,
    );
  }
}

/** One sample of a {@link TensorDataset}: row `index` of each of its tensors. */
export type TensorRow<Tensors extends readonly Tensor[]> = { [K in keyof Tensors]: Tensor };

/** Samples are the rows of tensors that agree in their first dimension; a row is a view, not a copy. */
export class TensorDataset<Tensors extends readonly [Tensor, ...Tensor[]]> extends Dataset<
  TensorRow<Tensors>
> {
  readonly tensors: Tensors;

  /** @throws ValueError when the first dimensions differ */
  constructor(...tensors: Tensors) {
    super();
    const sizes = tensors.map((tensor) => tensor.size(0));
    if (sizes.some((size) => size !== sizes[0])) {
      throw new ValueError(`Size mismatch between tensors: their first dimensions are ${sizes.join(', ')}`);
    }
    this.tensors = tensors.map((tensor) => tensor.keep()) as unknown as Tensors;
  }

  get length(): number {
    return this.tensors[0].size(0);
  }

  /** @throws IndexError when `index` is outside `[-length, length)` */
  get(index: number): TensorRow<Tensors> {
    if (index < -this.length || index >= this.length) {
      throw new IndexError(`index ${index} is out of bounds for dimension 0 with size ${this.length}`);
    }
    return this.tensors.map((tensor) => tensor.select(0, index)) as TensorRow<Tensors>;
  }
}
