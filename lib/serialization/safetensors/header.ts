// 8 bytes little-endian: the length of the header; the header, JSON in UTF-8; then the tensors, one after the other.

import type { DType } from '../../dtype.js';
import { type ByteSource, readBytes } from '../byte-source.js';
import { dtypeNamed } from './dtypes.js';
import { SafetensorError } from './errors.js';
import { HeaderScanner } from './header-scanner.js';

/** The format's own limit. */
const LONGEST_HEADER = 100_000_000;
const LENGTH_BYTES = 8;

/** Where a tensor lies; `begin` and `end` count bytes of the file. */
export interface TensorPlace {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  /** `__metadata__`; null where the file has none. */
  readonly metadata: ReadonlyMap<string, string> | null;
  /** By name, in the order in which they lie in the file. */
  readonly tensors: ReadonlyMap<string, TensorPlace>;
}

/**
 * Reads the header and makes sure that the tensors cover the rest of the file: no hole, no overlap, nothing behind.
 * Needs memory for the header only.
 *
 * @throws SafetensorError saying which tensor is wrong, and how
 */
export function readHeader(source: ByteSource): Header {
  const start = LENGTH_BYTES + headerLength(source);
  const scanner = new HeaderScanner(decode(readBytes(source, LENGTH_BYTES, start - LENGTH_BYTES)));
  let metadata: Map<string, string> | null = null;
  const places: TensorPlace[] = [];
  scanner.object((name) => {
    if (name === '__metadata__') metadata = readStrings(scanner);
    else places.push(readPlace(scanner, name, start));
  });
  scanner.end();
  places.sort((a, b) => a.begin - b.begin || a.end - b.end);
  requireCover(places, start, source.size);
  return { metadata, tensors: new Map(places.map((place) => [place.name, place])) };
}

function headerLength(source: ByteSource): number {
  if (source.size < LENGTH_BYTES) {
    throw new SafetensorError(`it has ${source.size} bytes; a safetensors file has 8 or more`);
  }
  const length = readBytes(source, 0, LENGTH_BYTES).readBigUInt64LE();
  if (length > LONGEST_HEADER) {
    throw new SafetensorError(
      `its header would be ${length} bytes long and ${LONGEST_HEADER} are allowed; it is probably not a safetensors file`,
    );
  }
  if (Number(length) > source.size - LENGTH_BYTES) {
    throw new SafetensorError(
      `its header should have ${length} bytes and the file ends after ${source.size - LENGTH_BYTES} of them; ` +
        'it was cut off, download or copy it again',
    );
  }
  return Number(length);
}

function decode(bytes: Uint8Array): string {
  if (bytes[0] !== 0x7b) throw new SafetensorError("its header does not begin with '{'");
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new SafetensorError('its header is not valid UTF-8');
  }
}

function readStrings(scanner: HeaderScanner): Map<string, string> {
  const strings = new Map<string, string>();
  scanner.object((key) => strings.set(key, scanner.string()));
  return strings;
}

function readPlace(scanner: HeaderScanner, name: string, start: number): TensorPlace {
  let type: string | undefined;
  let shape: number[] | undefined;
  let offsets: number[] | undefined;
  const wrong = (problem: string) => new SafetensorError(`tensor ${JSON.stringify(name)}: ${problem}`);
  scanner.object((key) => {
    if (key === 'dtype') type = scanner.string();
    else if (key === 'shape') shape = scanner.naturalNumbers();
    else if (key === 'data_offsets') offsets = scanner.naturalNumbers();
    else throw wrong(`it has ${JSON.stringify(key)}, which the format does not know`);
  });
  if (type === undefined || shape === undefined || offsets === undefined) {
    throw wrong('it lacks one of dtype, shape and data_offsets');
  }
  const dtype = dtypeNamed(type);
  if (dtype === undefined) throw wrong(`its dtype ${JSON.stringify(type)} does not exist`);
  if (dtype === null) throw wrong(`its dtype ${type} has less than a byte per element and cannot be loaded`);
  const [begin = 0, end = 0] = offsets;
  if (offsets.length !== 2 || end < begin) throw wrong(`its data_offsets [${offsets}] are not a range`);
  const needed = shape.reduce((product, side) => product * BigInt(side), BigInt(dtype.itemsize));
  if (needed !== BigInt(end - begin)) {
    throw wrong(`${type} of shape [${shape}] needs ${needed} bytes and its range has ${end - begin}`);
  }
  return { name, dtype, shape, begin: start + begin, end: start + end };
}

function requireCover(places: readonly TensorPlace[], start: number, size: number): void {
  let covered = start;
  for (const { name, begin, end } of places) {
    if (begin !== covered) {
      const problem = begin < covered ? 'overlaps the one before it' : 'leaves a hole in front of it';
      throw new SafetensorError(`tensor ${JSON.stringify(name)} ${problem}`);
    }
    covered = end;
  }
  if (covered > size) {
    throw new SafetensorError(
      `it should have ${covered} bytes and has ${size}: it was cut off, download or copy it again`,
    );
  }
  if (covered < size) throw new SafetensorError(`it has ${size - covered} bytes after the last tensor`);
}
