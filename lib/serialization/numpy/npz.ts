// A ZIP archive of .npy files.

import { inflateRawSync } from 'node:zlib';
import { crc32 } from '../../crc32.js';
import type { Tensor } from '../../tensor.js';
import { type ByteSource, overBytes, readBytes } from '../byte-source.js';
import { CorruptArchiveError, UnsupportedCheckpointError } from '../errors.js';
import type { FileWriter } from '../file-writer.js';
import { readDirectory, type ZipEntry } from '../zip-directory.js';
import { LOCAL_HEADER, LOCAL_HEADER_SIZE } from '../zip-format.js';
import { descriptor, directoryHeader, endRecords, localHeader, type WrittenEntry } from '../zip-headers.js';
import { type NpyParts, sizeOf, writeArray } from './npy.js';
import { SequentialReader } from './sequential-reader.js';

const ENDING = '.npy';

/** The arrays of an archive by their names, each opened by `read`. Throws CheckpointError naming the array. */
export function readArrays<T>(source: ByteSource, read: (reader: SequentialReader) => T): Map<string, T> {
  const arrays = new Map<string, T>();
  for (const entry of readDirectory(source)) {
    if (!entry.name.endsWith(ENDING)) {
      throw new UnsupportedCheckpointError(`its record ${entry.name} is not an array`);
    }
    const name = entry.name.slice(0, -ENDING.length);
    if (arrays.has(name)) throw new CorruptArchiveError(`array ${name} is there twice`);
    arrays.set(name, readRecord(source, entry, read));
  }
  return arrays;
}

function readRecord<T>(source: ByteSource, entry: ZipEntry, read: (reader: SequentialReader) => T): T {
  const contents = contentsOf(source, entry);
  let crc = 0;
  let done = 0;
  const checked: Pick<ByteSource, 'size' | 'readInto'> = {
    size: entry.size,
    // The reader goes from the start to the end, so the checksum can follow it.
    readInto(target, offset) {
      contents.readInto(target, offset);
      crc = crc32(target, crc);
      done += target.byteLength;
    },
  };
  const array = read(new SequentialReader(checked));
  if (done === entry.size && entry.crc !== 0 && crc !== entry.crc) {
    throw new CorruptArchiveError(`${entry.name} is damaged: its checksum is wrong. Get the file again`);
  }
  return array;
}

function contentsOf(source: ByteSource, entry: ZipEntry): Pick<ByteSource, 'readInto'> {
  const start = dataOffset(source, entry);
  if (entry.method === 0) {
    return { readInto: (target, offset) => source.readInto(target, start + offset) };
  }
  return overBytes(inflate(readBytes(source, start, entry.compressedSize), entry));
}

function dataOffset(source: ByteSource, { offset, name, compressedSize }: ZipEntry): number {
  const header = readBytes(source, offset, Math.min(LOCAL_HEADER_SIZE, source.size - offset));
  const isWhole = header.length === LOCAL_HEADER_SIZE && header.readUInt32LE(0) === LOCAL_HEADER;
  const nameSize = isWhole ? header.readUInt16LE(26) : 0;
  const start = offset + LOCAL_HEADER_SIZE + nameSize + (isWhole ? header.readUInt16LE(28) : 0);
  const isThere = isWhole && start + compressedSize <= source.size;
  if (isThere && `${readBytes(source, offset + LOCAL_HEADER_SIZE, nameSize)}` === name) return start;
  throw new CorruptArchiveError(`${name} is not where the directory says`);
}

function inflate(bytes: Uint8Array, { name, size }: ZipEntry): Uint8Array {
  try {
    const inflated = inflateRawSync(bytes, { maxOutputLength: Math.max(size, 1) });
    if (inflated.length === size) return inflated;
  } catch {
    // As damaged as one of the wrong size.
  }
  throw new CorruptArchiveError(`${name} is damaged: it cannot be unpacked. Get the file again`);
}

/** Writes arrays, uncompressed; the elements of each begin at a multiple of 64 bytes. */
export function writeArrays(arrays: ReadonlyMap<string, NpyParts>, file: FileWriter): void {
  const entries: WrittenEntry[] = [];
  let offset = 0;
  const write = (bytes: Uint8Array) => {
    file.write(bytes);
    offset += bytes.byteLength;
  };
  for (const [name, parts] of arrays) {
    const entry = { name: Buffer.from(name + ENDING), size: sizeOf(parts), crc: 0, offset };
    write(localHeader(entry));
    entry.crc = writeArray(parts, file);
    offset += entry.size;
    write(descriptor(entry));
    entries.push(entry);
  }
  const start = offset;
  for (const entry of entries) write(directoryHeader(entry));
  write(endRecords(entries.length, start, offset - start));
}

/** Names as `numpy.savez` gives them: arr_0, arr_1, ... for a list. */
export function namedArrays(
  arrays: readonly Tensor[] | ReadonlyMap<string, Tensor> | Readonly<Record<string, Tensor>>,
): [string, Tensor][] {
  if (arrays instanceof Map) return [...arrays];
  if (Array.isArray(arrays)) return arrays.map((tensor: Tensor, index) => [`arr_${index}`, tensor]);
  return Object.entries(arrays);
}
