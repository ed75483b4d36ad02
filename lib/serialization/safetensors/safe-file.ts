import type { DeviceLike } from '../../device.js';
import { TorchError } from '../../errors.js';
import { scope } from '../../memory.js';
import { aten } from '../../operators/ops.js';
import { type Names, requireNames } from '../../options.js';
import type { Tensor } from '../../tensor.js';
import { type ByteSource, openFile, overBytes } from '../byte-source.js';
import { fillStorage } from '../storage-pieces.js';
import { SafetensorError } from './errors.js';
import { type Header, readHeader, type TensorPlace } from './header.js';

export interface SafeOpenOptions {
  /** Where the tensors go. Default: the CPU. */
  device?: DeviceLike;
}

export const safeOpenNames: Names<SafeOpenOptions> = { device: true };

/** A safetensors file whose header has been read and checked (Python's `safe_open`). */
export class SafeFile {
  readonly #source: ByteSource;
  readonly #name: string;
  readonly #header: Header;
  readonly #device: DeviceLike;

  /** @throws SafetensorError naming the file; it is closed then */
  constructor(source: ByteSource, name: string, device: DeviceLike) {
    this.#source = source;
    this.#name = name;
    this.#device = device;
    try {
      this.#header = readHeader(source);
    } catch (error) {
      source.close();
      throw named(error, name);
    }
  }

  /** The names of the tensors, in the order in which they lie in the file. */
  keys(): string[] {
    return [...this.#header.tensors.keys()];
  }

  /** The file's `__metadata__`, or null. */
  metadata(): ReadonlyMap<string, string> | null {
    return this.#header.metadata;
  }

  /** Dtype, shape and place of a tensor, without loading it. Throws SafetensorError when there is none. */
  place(name: string): TensorPlace {
    const place = this.#header.tensors.get(name);
    if (place) return place;
    throw new SafetensorError(`${this.#name} has no tensor ${JSON.stringify(name)}`);
  }

  /** Loads one tensor into memory of its own. Throws SafetensorError when there is none of that name. */
  getTensor(name: string): Tensor {
    const { dtype, shape, begin, end } = this.place(name);
    try {
      return scope(() => {
        const tensor = aten.empty(shape, { dtype });
        fillStorage(tensor, (block) => piecesBetween(this.#source, begin, end, block));
        return tensor.to(this.#device);
      });
    } catch (error) {
      throw named(error, this.#name);
    }
  }

  close(): void {
    this.#source.close();
  }
}

/**
 * Opens a safetensors file to look at its names and metadata, or to load single tensors; close it afterwards.
 *
 * @throws SafetensorError naming the file and what is wrong with it
 */
export function safeOpen(path: string, options: SafeOpenOptions = {}): SafeFile {
  requireNames(safeOpen, options, safeOpenNames);
  const { device = 'cpu' } = options;
  return new SafeFile(openFile(path), path, device);
}

/** {@link safeOpen} for bytes in memory. */
export function safeOpenBytes(bytes: Uint8Array, options: SafeOpenOptions = {}): SafeFile {
  requireNames(safeOpenBytes, options, safeOpenNames);
  const { device = 'cpu' } = options;
  return new SafeFile(overBytes(bytes), 'the given bytes', device);
}

function* piecesBetween(
  source: ByteSource,
  begin: number,
  end: number,
  block: Uint8Array,
): Generator<Uint8Array> {
  for (let at = begin; at < end; at += block.byteLength) {
    const piece = block.subarray(0, Math.min(block.byteLength, end - at));
    source.readInto(piece, at);
    yield piece;
  }
}

function named(error: unknown, name: string): unknown {
  if (error instanceof TorchError) error.message = `cannot load ${name}: ${error.message}`;
  return error;
}
