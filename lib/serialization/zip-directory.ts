import { type ByteSource, readBytes } from './byte-source.js';
import {
  CorruptArchiveError,
  LimitExceededError,
  TruncatedCheckpointError,
  UnsupportedCheckpointError,
} from './errors.js';
import { MOST_RECORDS } from './limits.js';
import {
  DIRECTORY_HEADER,
  DIRECTORY_HEADER_SIZE,
  END,
  END_SIZE,
  UINT16_MAX,
  UINT32_MAX,
  ZIP64_END,
  ZIP64_END_SIZE,
  ZIP64_EXTRA,
  ZIP64_LOCATOR,
  ZIP64_LOCATOR_SIZE,
} from './zip-format.js';

/** A record as the directory lists it; sizes and offset in bytes. */
export interface ZipEntry {
  name: string;
  /** Of the name, in bytes. */
  nameSize: number;
  /** 0 stored, 8 deflated. */
  method: number;
  /** 0 where the writer did not compute it. */
  crc: number;
  compressedSize: number;
  size: number;
  /** Of the local header. */
  offset: number;
}

interface Directory {
  count: number;
  size: number;
  offset: number;
}

/**
 * Reads the directory at the end of a ZIP file, ZIP64 included.
 *
 * @throws TruncatedCheckpointError when it is not there
 * @throws CorruptArchiveError when it contradicts itself or the file
 */
export function readDirectory(source: ByteSource): ZipEntry[] {
  const { count, size, offset } = locate(source);
  if (offset + size > source.size || count * DIRECTORY_HEADER_SIZE > size) {
    throw new CorruptArchiveError('the directory does not fit into the file');
  }
  if (count > MOST_RECORDS) {
    throw new LimitExceededError(`it lists ${count} records, and ${MOST_RECORDS} are allowed`);
  }
  const bytes = readBytes(source, offset, size);
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let i = 0; i < count; i += 1) {
    if (at + DIRECTORY_HEADER_SIZE > size || bytes.readUInt32LE(at) !== DIRECTORY_HEADER) {
      throw new CorruptArchiveError(`the directory lists ${count} records but breaks off after ${i}`);
    }
    const [nameSize, extraSize] = [bytes.readUInt16LE(at + 28), bytes.readUInt16LE(at + 30)];
    const length = DIRECTORY_HEADER_SIZE + nameSize + extraSize + bytes.readUInt16LE(at + 32);
    if (at + length > size) throw new CorruptArchiveError(`directory line ${i} is too long`);
    entries.push(readEntry(bytes, at, nameSize, extraSize));
    at += length;
  }
  if (at !== size) throw new CorruptArchiveError(`the directory goes on after its ${count} records`);
  checkRanges(entries, offset);
  return entries;
}

function locate(source: ByteSource): Directory {
  // The end record is followed by a comment of at most 65,535 bytes.
  const tailSize = Math.min(source.size, END_SIZE + UINT16_MAX + ZIP64_LOCATOR_SIZE);
  const tail = readBytes(source, source.size - tailSize, tailSize);
  let end = tail.length - END_SIZE;
  while (end >= 0 && tail.readUInt32LE(end) !== END) end -= 1;
  if (end < 0) {
    throw new TruncatedCheckpointError(
      `the end of the archive is missing: of the file only the first ${source.size} bytes are there`,
    );
  }
  const locator = end - ZIP64_LOCATOR_SIZE;
  if (locator >= 0 && tail.readUInt32LE(locator) === ZIP64_LOCATOR) {
    return readZip64End(source, uint64(tail, locator + 8));
  }
  return {
    count: tail.readUInt16LE(end + 10),
    size: tail.readUInt32LE(end + 12),
    offset: tail.readUInt32LE(end + 16),
  };
}

function readZip64End(source: ByteSource, offset: number): Directory {
  if (offset + ZIP64_END_SIZE > source.size)
    throw new CorruptArchiveError('the ZIP64 end record is outside the file');
  const bytes = readBytes(source, offset, ZIP64_END_SIZE);
  if (bytes.readUInt32LE(0) !== ZIP64_END)
    throw new CorruptArchiveError('the ZIP64 end record is not where it should be');
  return { count: uint64(bytes, 32), size: uint64(bytes, 40), offset: uint64(bytes, 48) };
}

// Of a line that begins at `at`; it was checked that it ends inside the bytes.
function readEntry(bytes: Buffer, at: number, nameSize: number, extraSize: number): ZipEntry {
  const nameStart = at + DIRECTORY_HEADER_SIZE;
  const name = bytes.toString('utf8', nameStart, nameStart + nameSize);
  const [flags, method] = [bytes.readUInt16LE(at + 8), bytes.readUInt16LE(at + 10)];
  if ((flags & 1) !== 0) throw new UnsupportedCheckpointError(`record ${name} is encrypted`);
  if (method !== 0 && method !== 8) {
    throw new UnsupportedCheckpointError(
      `record ${name} is compressed with method ${method}; only deflate is known`,
    );
  }
  // In the order in which the extra field has those that do not fit.
  const fields = [bytes.readUInt32LE(at + 24), bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 42)];
  const isWide = fields.includes(UINT32_MAX);
  const [size, compressedSize, offset] = (
    isWide ? widened(fields, bytes.subarray(nameStart + nameSize).subarray(0, extraSize), name) : fields
  ) as [number, number, number];
  return { name, nameSize, method, crc: bytes.readUInt32LE(at + 16), size, compressedSize, offset };
}

// With the values of the ZIP64 extra field in the place of those that are full.
function widened(fields: readonly number[], extra: Buffer, name: string): number[] {
  let at = 0;
  while (at + 4 <= extra.length && extra.readUInt16LE(at) !== ZIP64_EXTRA)
    at += 4 + extra.readUInt16LE(at + 2);
  const end = at + 4 <= extra.length ? Math.min(at + 4 + extra.readUInt16LE(at + 2), extra.length) : 0;
  at += 4;
  return fields.map((field) => {
    if (field !== UINT32_MAX) return field;
    if (at + 8 > end) throw new CorruptArchiveError(`record ${name} has no ZIP64 field for its size`);
    at += 8;
    return uint64(extra, at - 8);
  });
}

// Deflate makes at most this much of one byte.
const MOST_INFLATION = 1032;

// Each record lies before the directory and does not reach into the next one.
function checkRanges(entries: readonly ZipEntry[], directory: number): void {
  const sorted = [...entries].sort((a, b) => a.offset - b.offset);
  sorted.forEach((entry, i) => {
    const limit = sorted[i + 1]?.offset ?? directory;
    if (entry.offset + entry.compressedSize > limit) {
      throw new CorruptArchiveError(`record ${entry.name} overlaps what follows it`);
    }
    const isPossible =
      entry.method === 0
        ? entry.size === entry.compressedSize
        : entry.size <= MOST_INFLATION * (entry.compressedSize + 1);
    if (!isPossible) throw new CorruptArchiveError(`record ${entry.name} cannot hold ${entry.size} bytes`);
  });
}

function uint64(bytes: Buffer, at: number): number {
  const value = bytes.readBigUInt64LE(at);
  if (value > BigInt(Number.MAX_SAFE_INTEGER))
    throw new CorruptArchiveError(`a size of ${value} bytes is not possible`);
  return Number(value);
}
