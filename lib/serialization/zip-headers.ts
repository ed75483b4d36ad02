import {
  DESCRIPTOR,
  DIRECTORY_HEADER,
  END,
  LOCAL_HEADER,
  LOCAL_HEADER_SIZE,
  pack,
  UINT16_MAX,
  UINT32_MAX,
  ZIP64_END,
  ZIP64_END_SIZE,
  ZIP64_EXTRA,
  ZIP64_LOCATOR,
} from './zip-format.js';

/** One record, as the headers describe it; sizes and offset in bytes. */
export interface WrittenEntry {
  name: Buffer;
  size: number;
  crc: number;
  /** Of the local header, from the start of the file. */
  offset: number;
}

// Names are UTF-8; checksum and sizes follow the data, where there are any.
const UTF8 = 1 << 11;
const HAS_DESCRIPTOR = 1 << 3;

/** Where PyTorch puts the first byte of every record. */
const ALIGNMENT = 64;

/** The header before the data, padded so that the data start at a multiple of 64 bytes. */
export function localHeader(entry: WrittenEntry): Buffer {
  // miniz does not know the compressed size yet and writes 0.
  const zip64 = zip64Extra(entry, 0);
  const unpadded = entry.offset + LOCAL_HEADER_SIZE + entry.name.length + zip64.length + 4;
  const padding = Buffer.alloc((ALIGNMENT - (unpadded % ALIGNMENT)) % ALIGNMENT, 'Z');
  const extraSize = zip64.length + 4 + padding.length;
  return Buffer.concat([
    pack([LOCAL_HEADER, 4], [0, 2], [flagsOf(entry), 2], [0, 2], [0, 4], [0, 4], [0, 4], [0, 4]),
    pack([entry.name.length, 2], [extraSize, 2]),
    entry.name,
    zip64,
    Buffer.from('FB'),
    pack([padding.length, 2]),
    padding,
  ]);
}

/** The checksum and sizes after the data; an empty record has none. */
export function descriptor(entry: WrittenEntry): Buffer {
  if (entry.size === 0) return Buffer.alloc(0);
  const width = isZip64(entry) ? 8 : 4;
  return pack([DESCRIPTOR, 4], [entry.crc, 4], [entry.size, width], [entry.size, width]);
}

/** The record's line in the directory at the end of the file. */
export function directoryHeader(entry: WrittenEntry): Buffer {
  const extra = zip64Extra(entry, entry.size);
  const size = Math.min(entry.size, UINT32_MAX);
  return Buffer.concat([
    pack(
      [DIRECTORY_HEADER, 4],
      [0, 2],
      [0, 2],
      [flagsOf(entry), 2],
      [0, 2],
      [0, 4],
      [entry.crc, 4],
      [size, 4],
      [size, 4],
    ),
    pack([entry.name.length, 2], [extra.length, 2], [0, 2], [0, 2], [0, 2], [0, 4]),
    pack([Math.min(entry.offset, UINT32_MAX), 4]),
    entry.name,
    extra,
  ]);
}

/** The end of the file; miniz writes the ZIP64 form even of small files. `start` and `size` are the directory's. */
export function endRecords(count: number, start: number, size: number): Buffer {
  return Buffer.concat([
    // The size field does not count itself and the signature.
    pack([ZIP64_END, 4], [ZIP64_END_SIZE - 12, 8], [0x031e, 2], [45, 2], [0, 4], [0, 4]),
    pack([count, 8], [count, 8], [size, 8], [start, 8]),
    pack([ZIP64_LOCATOR, 4], [0, 4], [start + size, 8], [1, 4]),
    pack([END, 4], [0, 2], [0, 2], [Math.min(count, UINT16_MAX), 2], [Math.min(count, UINT16_MAX), 2]),
    pack([Math.min(size, UINT32_MAX), 4], [Math.min(start, UINT32_MAX), 4], [0, 2]),
  ]);
}

function flagsOf(entry: WrittenEntry): number {
  return entry.size > 0 ? UTF8 | HAS_DESCRIPTOR : UTF8;
}

function isZip64(entry: WrittenEntry): boolean {
  return entry.size >= UINT32_MAX || entry.offset >= UINT32_MAX;
}

// Only the fields whose 32-bit form is full, in this order.
function zip64Extra(entry: WrittenEntry, compressedSize: number): Buffer {
  const fields: (readonly [number, 8])[] = [];
  if (entry.size >= UINT32_MAX) fields.push([entry.size, 8], [compressedSize, 8]);
  if (entry.offset >= UINT32_MAX) fields.push([entry.offset, 8]);
  return fields.length === 0 ? Buffer.alloc(0) : pack([ZIP64_EXTRA, 2], [8 * fields.length, 2], ...fields);
}
