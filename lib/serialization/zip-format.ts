// Signatures of the ZIP format (APPNOTE 4.3), little endian.
export const LOCAL_HEADER = 0x04034b50;
export const DESCRIPTOR = 0x08074b50;
export const DIRECTORY_HEADER = 0x02014b50;
export const ZIP64_END = 0x06064b50;
export const ZIP64_LOCATOR = 0x07064b50;
export const END = 0x06054b50;

// Their fixed parts, in bytes.
export const LOCAL_HEADER_SIZE = 30;
export const DIRECTORY_HEADER_SIZE = 46;
export const ZIP64_END_SIZE = 56;
export const ZIP64_LOCATOR_SIZE = 20;
export const END_SIZE = 22;

/** In a 32-bit field: "the value is in the ZIP64 extra field". */
export const UINT32_MAX = 0xffffffff;
export const UINT16_MAX = 0xffff;
export const ZIP64_EXTRA = 0x0001;

/** Little-endian numbers one after the other: pairs of a value and its width in bytes. */
export function pack(...fields: (readonly [value: number, width: 2 | 4 | 8])[]): Buffer {
  const buffer = Buffer.alloc(fields.reduce((total, [, width]) => total + width, 0));
  let at = 0;
  for (const [value, width] of fields) {
    if (width === 8) at = buffer.writeBigUInt64LE(BigInt(value), at);
    else at = buffer.writeUIntLE(value, at, width);
  }
  return buffer;
}
