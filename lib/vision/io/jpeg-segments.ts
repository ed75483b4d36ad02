/** One marker segment of a JPEG header: where it begins, and what follows its length. */
interface Segment {
  marker: number;
  start: number;
  end: number;
  body: Uint8Array;
}

const APP0 = 0xe0;
const APP14 = 0xee;
const START_OF_SCAN = 0xda;
// Frame headers: SOF0 to SOF15 without DHT, JPG and DAC, which lie among them.
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

const text = (bytes: Uint8Array) => String.fromCharCode(...bytes);
const isJfif = ({ marker, body }: Segment) => marker === APP0 && text(body.subarray(0, 5)) === 'JFIF\0';
const isAdobe = ({ marker, body }: Segment) => marker === APP14 && text(body.subarray(0, 5)) === 'Adobe';

/** What the header of a JPEG says about its colours. */
export interface JpegColours {
  components: number;
  /** Brightness and two colour differences, by the rules of libjpeg. */
  ycc: boolean;
}

/** Reads the header up to the first scan. A damaged one gives 0 components. */
export function jpegColours(bytes: Uint8Array): JpegColours {
  const segments = headerOf(bytes);
  const frame = segments.find(({ marker }) => isFrame(marker))?.body ?? new Uint8Array();
  const components = frame[5] ?? 0;
  const adobe = segments.filter(isAdobe).at(-1)?.body;
  const identifiers = text(Uint8Array.of(frame[6] ?? 0, frame[9] ?? 0, frame[12] ?? 0));
  const isRgb = adobe ? adobe[11] === 0 : identifiers === 'RGB';
  const ycc = components === 3 && (segments.some(isJfif) || !isRgb);
  return { components, ycc };
}

// "Adobe", version 100, no flags, transform 0: the components are no colour differences.
const UNTRANSFORMED = Uint8Array.of(0xff, APP14, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, 0);

/** The same image, said to be RGB: a decoder then hands out the stored components as they are. */
export function withoutColourTransform(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [bytes.subarray(0, 2), UNTRANSFORMED];
  let at = 2;
  for (const segment of headerOf(bytes)) {
    parts.push(bytes.subarray(at, segment.start));
    at = isJfif(segment) || isAdobe(segment) ? segment.end : segment.start;
  }
  parts.push(bytes.subarray(at));
  return Buffer.concat(parts);
}

function headerOf(bytes: Uint8Array): Segment[] {
  const segments: Segment[] = [];
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] as number;
    if (marker === START_OF_SCAN) break;
    // A marker may be filled up with 0xff.
    if (marker === 0xff) {
      at++;
      continue;
    }
    const end = at + 2 + (((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number));
    segments.push({ marker, start: at, end, body: bytes.subarray(at + 4, end) });
    at = end;
  }
  return segments;
}
