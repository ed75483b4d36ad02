// Python pickles strings as UTF-8 with lone surrogates let through ('surrogatepass'); JavaScript's coders replace them.

/** UTF-8 bytes; a lone surrogate takes three bytes, as any other code unit of its size would. */
export function encodeUtf8(text: string): Uint8Array {
  if (!/\p{Surrogate}/u.test(text)) return Buffer.from(text);
  return Buffer.concat(
    Array.from(text, (character) => {
      const code = character.codePointAt(0) as number;
      const isLone = code >= 0xd800 && code <= 0xdfff;
      return isLone
        ? Buffer.from([0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)])
        : Buffer.from(character);
    }),
  );
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The inverse of {@link encodeUtf8}.
 *
 * @throws TypeError on bytes that are not UTF-8 in this sense
 */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return decodeWithSurrogates(bytes);
  }
}

// Splits at the three-byte surrogates (ED A0..BF xx), which is where the strict decoder stops.
function decodeWithSurrogates(bytes: Uint8Array): string {
  let text = '';
  let start = 0;
  for (let at = 0; at + 2 < bytes.length; at += 1) {
    const [lead, second, third] = bytes.subarray(at, at + 3) as unknown as [number, number, number];
    if (lead !== 0xed || second < 0xa0 || second > 0xbf || third < 0x80 || third > 0xbf) continue;
    const unit = 0xd000 | ((second & 0x3f) << 6) | (third & 0x3f);
    text += strict.decode(bytes.subarray(start, at)) + String.fromCharCode(unit);
    start = at + 3;
    at += 2;
  }
  return text + strict.decode(bytes.subarray(start));
}
