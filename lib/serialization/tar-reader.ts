import { type ByteSource, readBytes } from './byte-source.js';
import { CorruptArchiveError, LimitExceededError, TruncatedCheckpointError } from './errors.js';

const BLOCK = 512;
const MOST_MEMBERS = 1000;

/** Where the contents of a member lie. */
export interface TarMember {
  readonly offset: number;
  readonly size: number;
}

/** The regular files of a tar archive (POSIX.1-1988 headers). Nothing is ever unpacked to the disk. */
export function readTar(file: ByteSource): Map<string, TarMember> {
  const members = new Map<string, TarMember>();
  for (let at = 0; at + BLOCK <= file.size; ) {
    const header = readBytes(file, at, BLOCK);
    if (header.every((byte) => byte === 0)) return members;
    const name = text(header.subarray(0, 100));
    const size = Number.parseInt(text(header.subarray(124, 136)).trim() || '0', 8);
    const offset = at + BLOCK;
    if (!(size >= 0)) throw new CorruptArchiveError(`member ${name} of the tar archive has no size`);
    if (offset + size > file.size)
      throw new TruncatedCheckpointError(`the file ends in the middle of member ${name}`);
    if (name.split('/').includes('..') || name.startsWith('/')) {
      throw new CorruptArchiveError(`member ${name} of the tar archive points out of it`);
    }
    const type = header[156];
    if (type === 0 || type === 0x30) {
      if (members.has(name)) throw new CorruptArchiveError(`member ${name} is there twice`);
      members.set(name, { offset, size });
    }
    if (members.size > MOST_MEMBERS) throw new LimitExceededError(`it has more than ${MOST_MEMBERS} members`);
    at = offset + Math.ceil(size / BLOCK) * BLOCK;
  }
  throw new TruncatedCheckpointError('the end of the tar archive is missing');
}

function text(field: Buffer): string {
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? field.length : end);
}
