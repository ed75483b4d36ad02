// Python's integers of any size, as pickles hold them: two's complement, little endian, no more bytes than needed.

/** The bytes of `value`; of 0 there are none. */
export function encodeLong(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  // Until what is left is only the sign, and the last byte's top bit says the same sign.
  while (rest !== (signBit(bytes) ? -1n : 0n)) {
    bytes.push(Number(rest & 0xffn));
    rest >>= 8n;
  }
  return Uint8Array.from(bytes);
}

/** The inverse of {@link encodeLong}. */
export function decodeLong(bytes: Uint8Array): bigint {
  const hex = Buffer.from(bytes).reverse().toString('hex');
  return hex === '' ? 0n : BigInt.asIntN(8 * bytes.length, BigInt(`0x${hex}`));
}

function signBit(bytes: readonly number[]): boolean {
  return ((bytes.at(-1) ?? 0) & 0x80) !== 0;
}
