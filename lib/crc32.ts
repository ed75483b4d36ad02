import { native } from './native.js';

/** CRC-32 of bytes as ZIP has it, continued from that of the bytes before them. */
export function crc32(bytes: Uint8Array, before = 0): number {
  return native.crc32(bytes, before);
}
