import type { DType } from '../dtype.js';
import { asStridedOver, storageNbytes } from '../storage.js';
import type { Tensor } from '../tensor.js';
import { elementUnit, swapBytes } from './byte-order.js';
import { BadTensorError } from './errors.js';

/** A block of bytes that tensors lie over (torch.TypedStorage, or without a dtype torch.UntypedStorage). */
export class Storage {
  readonly dtype: DType | null;
  /** Its name in the file it came from. */
  readonly key: string;
  #bytes: Tensor;
  #isForeign = false;
  #unit = 0;
  #alone = 0;

  /** @param bytes a uint8 tensor over all of it */
  constructor(bytes: Tensor, dtype: DType | null = null, key = '') {
    this.#bytes = bytes;
    this.dtype = dtype;
    this.key = key;
  }

  /** One whose bytes are in the other order; they are turned around as soon as a dtype tells how. */
  static foreign(bytes: Tensor, dtype: DType | null, key: string): Storage {
    const storage = new Storage(bytes, dtype, key);
    storage.#isForeign = true;
    if (dtype !== null) storage.orderFor(dtype);
    return storage;
  }

  /** All of it as uint8, one-dimensional. */
  get bytes(): Tensor {
    return this.#bytes;
  }

  get nbytes(): number {
    return storageNbytes(this.#bytes);
  }

  /** A one-dimensional tensor of its dtype (uint8 without one) over the same memory. */
  tensor(): Tensor {
    const { dtype } = this;
    if (dtype === null) return this.#bytes;
    return asStridedOver(this.#bytes, dtype, [Math.floor(this.nbytes / dtype.itemsize)], [1], 0);
  }

  /** Brings the bytes into this machine's order for elements of a dtype. */
  orderFor(dtype: DType): void {
    if (!this.#isForeign) return;
    const unit = elementUnit(dtype);
    if (this.#unit === 0) {
      swapBytes(this.#bytes, unit);
      this.#unit = unit;
    }
    if (this.#unit === unit) return;
    throw new BadTensorError(
      `storage ${this.key} is big-endian and used with elements of ${this.#unit} and of ${unit} bytes`,
    );
  }

  moved(move: (bytes: Tensor) => Tensor): this {
    this.#bytes = move(this.#bytes);
    return this;
  }

  /** The file refers to it once more. */
  mention(): void {
    this.#alone += 1;
  }

  /** A tensor was made over it: that reference is not a storage in the value of the file. */
  use(): void {
    this.#alone -= 1;
  }

  /** Frees the handle of the bytes, unless the storage itself is part of the value. */
  release(): void {
    if (this.#alone <= 0) this.#bytes.dispose();
  }
}
