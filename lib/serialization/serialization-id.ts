import type { WrittenEntry } from './zip-headers.js';

const MASK = 0xffffffffffffffffn;

/**
 * 40 digits that tell whether a checkpoint was changed after it was written: 20 of the record names, 20 of the
 * checksums. PyTorch writes and never reads them. Its second half is reproduced; its first half depends on the order
 * in which libstdc++ walks a hash set, so ours is another hash of the same names.
 */
export function serializationId(entries: readonly WrittenEntry[]): string {
  const names = entries.reduce((seed, { name }) => combine(seed, fnv1a(name)), 0n);
  const written = entries.filter(({ size }) => size > 0);
  const checksums = written.reduce((seed, { crc }) => combine(seed, BigInt(crc)), 0n);
  return digits(names) + digits(checksums);
}

// c10::hash_combine on 64 bits.
function combine(seed: bigint, value: bigint): bigint {
  return (seed ^ (value + 0x9e3779b9n + (seed << 6n) + (seed >> 2n))) & MASK;
}

function fnv1a(bytes: Uint8Array): bigint {
  return bytes.reduce((hash, byte) => ((hash ^ BigInt(byte)) * 0x100000001b3n) & MASK, 0xcbf29ce484222325n);
}

function digits(hash: bigint): string {
  return hash.toString().padStart(20, '0');
}
