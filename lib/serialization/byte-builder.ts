/** A byte string that grows at its end. */
export class ByteBuilder {
  #bytes = Buffer.alloc(1 << 12);
  #length = 0;

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }

  uint(value: number, width: 2 | 4): void {
    this.#reserve(width);
    this.#length = this.#bytes.writeUIntLE(value, this.#length, width);
  }

  int32(value: number): void {
    this.#reserve(4);
    this.#length = this.#bytes.writeInt32LE(value, this.#length);
  }

  /** Big endian, the one number of a pickle that is. */
  double(value: number): void {
    this.#reserve(8);
    this.#length = this.#bytes.writeDoubleBE(value, this.#length);
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.byteLength);
    this.#bytes.set(value, this.#length);
    this.#length += value.byteLength;
  }

  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const grown = Buffer.alloc(Math.max(2 * this.#bytes.length, this.#length + count));
    this.#bytes.copy(grown);
    this.#bytes = grown;
  }
}
