import { getSystemErrorName } from 'node:util';

import { native, type Writer } from '../native.js';
import { requireHandle, type Tensor } from '../tensor.js';

/** Writes an open file from where it stands, on a thread of its own: the disk works while the next part is made. */
export class FileWriter {
  readonly #writer: Writer;

  constructor(file: number) {
    this.#writer = native.openWriter(file);
  }

  write(bytes: Uint8Array): void {
    native.writeBytes(this.#writer, bytes);
  }

  /**
   * Writes bytes of the storage under a tensor, on any device, from `offset` on.
   *
   * @returns their CRC-32, continued from that of the bytes before them
   */
  writeStorage(tensor: Tensor, offset: number, nbytes: number, before = 0): number {
    return native.writeStorageBytes(this.#writer, requireHandle(tensor, 'tensor'), offset, nbytes, before);
  }

  /**
   * Waits until all is in the kernel. It has to be called before the file is closed, also when something went wrong.
   *
   * @throws the error of the first write that failed, with its code, as Node's own functions do
   */
  finish(): void {
    const errno = native.finishWriting(this.#writer);
    if (errno === 0) return;
    const code = getSystemErrorName(-errno);
    throw Object.assign(new Error(`${code}: write`), { code, errno: -errno, syscall: 'write' });
  }
}
