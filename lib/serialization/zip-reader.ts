import { inflateRawSync } from 'node:zlib';

import { crc32 } from '../crc32.js';
import { type ByteSource, overBytes, readBytes } from './byte-source.js';
import { CorruptArchiveError, NotACheckpointError } from './errors.js';
import { checkLimits } from './limits.js';
import { readDirectory, type ZipEntry } from './zip-directory.js';
import { LOCAL_HEADER, LOCAL_HEADER_SIZE } from './zip-format.js';

/**
 * The records of a torch.save archive. Strict: where two readers could disagree about what a record is (a name twice, a
 * local header that differs from the directory) it refuses, and checksums are compared.
 */
export class ZipReader {
  readonly #source: ByteSource;
  readonly #entries = new Map<string, ZipEntry>();
  /** Of the contents. */
  readonly #starts = new Map<ZipEntry, number>();

  /** The folder of all records, with its slash; empty where there is none, which PyTorch does not read. */
  readonly root: string;

  constructor(source: ByteSource) {
    this.#source = source;
    const entries = readDirectory(source);
    const root = rootOf(entries);
    this.root = root;
    const seen = new Set<string>();
    for (const entry of entries) {
      this.#starts.set(entry, this.#dataOffset(entry));
      if (entry.name.includes('\0')) throw new CorruptArchiveError('the name of a record holds a NUL');
      // Records outside of the folder are never looked up, and none ever touches the disk.
      if (!entry.name.startsWith(root)) continue;
      const name = entry.name.slice(root.length);
      // libtorch looks names up without regard to case, and then takes any.
      const folded = name.toLowerCase();
      if (seen.has(folded)) throw new CorruptArchiveError(`record ${entry.name} is there twice`);
      seen.add(folded);
      this.#entries.set(name, entry);
    }
    checkLimits(source.size, [...this.#entries.values()]);
  }

  /** Of all records, without the folder. */
  names(): string[] {
    return [...this.#entries.keys()];
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** The size of a record's contents in bytes. */
  sizeOf(name: string): number {
    return this.#entry(name).size;
  }

  /** Where a record lies in the file; null for one that is compressed. */
  offsetOf(name: string): number | null {
    const entry = this.#entry(name);
    return entry.method === 0 ? this.#startOf(entry) : null;
  }

  /** The contents of a record. */
  read(name: string): Uint8Array {
    const bytes = new Uint8Array(this.sizeOf(name));
    for (const _ of this.readPieces(name, bytes));
    return bytes;
  }

  /** Fills `block` with the contents, again and again until all was there; yields the filled part each time. */
  *readPieces(name: string, block: Uint8Array): Generator<Uint8Array> {
    const entry = this.#entry(name);
    const source = this.#contents(entry);
    let crc = 0;
    for (let done = 0; done < entry.size; done += block.byteLength) {
      const piece = block.subarray(0, Math.min(block.byteLength, entry.size - done));
      source.readInto(piece, done);
      crc = crc32(piece, crc);
      yield piece;
    }
    if (entry.crc !== 0 && crc !== entry.crc) {
      throw new CorruptArchiveError(
        `record ${entry.name} is damaged: its checksum is wrong. Get the file again`,
      );
    }
  }

  #contents(entry: ZipEntry): Pick<ByteSource, 'readInto'> {
    const start = this.#startOf(entry);
    if (entry.method !== 0)
      return overBytes(inflate(readBytes(this.#source, start, entry.compressedSize), entry));
    return { readInto: (target, offset) => this.#source.readInto(target, start + offset) };
  }

  #entry(name: string): ZipEntry {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new CorruptArchiveError(`record ${name} is missing`);
    return entry;
  }

  #startOf(entry: ZipEntry): number {
    return this.#starts.get(entry) as number;
  }

  // Checked for every record, also one that is never read: a name that only the directory has hides a record.
  #dataOffset(entry: ZipEntry): number {
    const size = LOCAL_HEADER_SIZE + entry.nameSize;
    if (entry.offset + size <= this.#source.size) {
      const header = readBytes(this.#source, entry.offset, size);
      const offset = entry.offset + size + header.readUInt16LE(28);
      const agrees =
        header.readUInt32LE(0) === LOCAL_HEADER &&
        (header.readUInt16LE(6) & 1) === 0 &&
        header.readUInt16LE(8) === entry.method &&
        header.readUInt16LE(26) === entry.nameSize &&
        header.toString('utf8', LOCAL_HEADER_SIZE) === entry.name;
      if (agrees && offset + entry.compressedSize <= this.#source.size) return offset;
    }
    throw new CorruptArchiveError(`record ${entry.name} is not where the directory says`);
  }
}

// PyTorch takes the folder of the first record as the folder of all.
function rootOf([first]: readonly ZipEntry[]): string {
  if (first === undefined) throw new NotACheckpointError('it is an empty ZIP archive');
  return first.name.slice(0, first.name.indexOf('/') + 1);
}

function inflate(bytes: Uint8Array, entry: ZipEntry): Uint8Array {
  try {
    const inflated = inflateRawSync(bytes, { maxOutputLength: Math.max(entry.size, 1) });
    if (inflated.length === entry.size) return inflated;
  } catch {
    // What zlib says does not matter: the record is unusable either way.
  }
  throw new CorruptArchiveError(`record ${entry.name} is damaged: it does not unpack to ${entry.size} bytes`);
}
