// HDF5 files through h5wasm, which is the HDF5 library itself, compiled to WebAssembly.

import type { Dataset, File, Group } from 'h5wasm/node';

import { tensor } from '../../creation.js';
import { scope } from '../../memory.js';
import type { Tensor } from '../../tensor.js';
import { isTypedArray, type TypedArray } from '../../typed-arrays.js';
import { openFile, readBytes } from '../byte-source.js';
import { CorruptArchiveError, NotACheckpointError, UnsupportedCheckpointError } from '../errors.js';
import { elementName } from './element-name.js';

const SIGNATURE = '\x89HDF\r\n\x1a\n';
/** Deeper than any model; links may form circles. */
const DEEPEST = 32;
/** The classes of integers and floats. */
const NUMBERS = [0, 1];

/** An array in the file; nothing of it is read until `load`. */
export interface Hdf5Array {
  /** `/group/name`. */
  readonly path: string;
  readonly shape: readonly number[];
  /** `float32`; what no dtype here holds has a name of HDF5. */
  readonly dtype: string;
  readonly nbytes: number;
  /** Throws UnsupportedCheckpointError for strings and the like. */
  load(): Tensor;
}

/** Whether a file begins as HDF5 files do; a user block before it is not looked for. */
export function isHdf5(start: Uint8Array): boolean {
  return Buffer.from(start).toString('latin1', 0, SIGNATURE.length) === SIGNATURE;
}

/** An open HDF5 file; links out of it are not followed. */
export class Hdf5File {
  readonly #file: File;
  readonly #Group: typeof Group;

  private constructor(file: File, groupClass: typeof Group) {
    this.#file = file;
    this.#Group = groupClass;
  }

  /** Throws CheckpointError naming what is wrong. */
  static async open(path: string): Promise<Hdf5File> {
    requireSignature(path);
    const h5wasm = await import('h5wasm/node');
    const library = await h5wasm.ready;
    // Else it prints its own stack on the standard error.
    library.activate_throwing_error_handler();
    return new Hdf5File(
      damagedUnlessDone(() => new h5wasm.File(path, 'r')),
      h5wasm.Group,
    );
  }

  /** The names in a group, [] where there is no such group. */
  children(path: string): string[] {
    const group = this.#at(path);
    return group instanceof this.#Group ? damagedUnlessDone(() => group.keys()) : [];
  }

  /** An attribute of a group or array; undefined where there is none. */
  attribute(path: string, name: string): unknown {
    const attributes = this.#at(path)?.attrs ?? {};
    const attribute = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    return attribute && damagedUnlessDone(() => attribute.value);
  }

  /** The array at a path, or undefined. */
  array(path: string): Hdf5Array | undefined {
    const found = this.#at(path);
    return found !== undefined && !(found instanceof this.#Group) ? describe(path, found) : undefined;
  }

  /** Every array under a group, in the order of the names. */
  arrays(path = '/'): Hdf5Array[] {
    const array = this.array(path);
    if (array) return [array];
    if (path.split('/').length > DEEPEST) {
      throw new CorruptArchiveError(`its groups are more than ${DEEPEST} deep, or form a circle`);
    }
    const parent = path === '/' ? '' : path;
    return this.children(path).flatMap((name) => this.arrays(`${parent}/${name}`));
  }

  close(): void {
    this.#file.close();
  }

  #at(path: string): Group | Dataset | undefined {
    const entity = damagedUnlessDone(() => this.#file.get(path));
    return entity && 'attrs' in entity && ('metadata' in entity || entity instanceof this.#Group)
      ? (entity as Group | Dataset)
      : undefined;
  }
}

function requireSignature(path: string): void {
  const source = openFile(path);
  try {
    if (isHdf5(readBytes(source, 0, Math.min(source.size, SIGNATURE.length)))) return;
  } finally {
    source.close();
  }
  throw new NotACheckpointError('it is not an HDF5 file');
}

function describe(path: string, dataset: Dataset): Hdf5Array {
  const { metadata } = dataset;
  const shape = metadata.shape ?? [];
  const dtype = elementName(metadata);
  const load = (): Tensor => {
    if (!NUMBERS.includes(metadata.type) || dtype === 'float16') {
      throw new UnsupportedCheckpointError(
        `the array ${path} holds ${dtype}, which cannot be read from HDF5`,
      );
    }
    const values = damagedUnlessDone(() => dataset.value);
    return scope(() => tensor(elementsOf(values)).view([...shape]));
  };
  return { path, shape, dtype, nbytes: metadata.size * metadata.total_size, load };
}

// One number comes without an array around it.
function elementsOf(values: unknown): TypedArray {
  if (typeof values === 'bigint') return BigInt64Array.of(values);
  return isTypedArray(values) ? values : Float64Array.of(Number(values));
}

/** Turns what the library throws into one of our errors, with the innermost reason of its stack. */
function damagedUnlessDone<T>(action: () => T): T {
  try {
    return action();
  } catch (cause) {
    const reasons = [...String((cause as Error).message).matchAll(/in \w+\(\): (.*)/g)];
    const reason = reasons.at(-1)?.[1] ?? 'it cannot be read';
    throw new CorruptArchiveError(`it is damaged or cut off: HDF5 says "${reason}". Get the file again`, {
      cause,
    });
  }
}
