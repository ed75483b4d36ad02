import { crc32 } from '../../crc32.js';

/** What the first chunk of a PNG says. */
export interface PngHeader {
  bitDepth: number;
  colours: 'grey' | 'rgb' | 'palette';
  /** Of its own; a colour that is declared transparent is none. */
  alpha: boolean;
}

const [GREY, RGB, PALETTE] = [0, 2, 3];
const ALPHA_BIT = 4;
const COLOUR_TYPE = 25;

/** Reads the header of a PNG and, for a palette, whether its colours have an alpha. */
export function pngHeader(bytes: Uint8Array): PngHeader {
  const type = bytes[COLOUR_TYPE] ?? GREY;
  const isPalette = type === PALETTE;
  const alpha = isPalette ? chunks(bytes).some(({ name }) => name === 'tRNS') : (type & ALPHA_BIT) !== 0;
  const colours = isPalette ? 'palette' : (type & RGB) !== 0 ? 'rgb' : 'grey';
  return { bitDepth: bytes[24] ?? 8, colours, alpha };
}

/** The same image, said to be grey: a decoder then hands out the numbers of the palette's colours. */
export function asGrey(bytes: Uint8Array): Uint8Array {
  const kept = chunks(bytes).filter(({ name }) => name !== 'PLTE' && name !== 'tRNS');
  const copy = Buffer.concat([
    bytes.subarray(0, 8),
    ...kept.map(({ start, end }) => bytes.subarray(start, end)),
  ]);
  copy[COLOUR_TYPE] = GREY;
  // Of the first chunk: its name and 13 bytes.
  copy.writeUInt32BE(crc32(copy.subarray(12, 29)), 29);
  return copy;
}

interface Chunk {
  name: string;
  start: number;
  end: number;
}

function chunks(bytes: Uint8Array): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: Chunk[] = [];
  for (let start = 8; start + 12 <= bytes.length; ) {
    const name = String.fromCharCode(...bytes.subarray(start + 4, start + 8));
    const end = Math.min(start + 12 + view.getUint32(start), bytes.length);
    found.push({ name, start, end });
    start = end;
  }
  return found;
}
