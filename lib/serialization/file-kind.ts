import { type ByteSource, readBytes } from './byte-source.js';
import { NotACheckpointError, UnsupportedCheckpointError } from './errors.js';

/** Looks at the first bytes of a file, one character each. */
type Recognize = (start: string) => boolean;

const at =
  (offset: number, text: string): Recognize =>
  (start) =>
    start.startsWith(text, offset);

const isBarePickle: Recognize = ([first, version = '']) =>
  first === '\x80' && version >= '\x02' && version <= '\x05';

const RESAVE = 'load it in PyTorch and save it again with torch.save';

/** Formats of PyTorch that are not read yet. */
const UNSUPPORTED: readonly (readonly [Recognize, string])[] = [
  [
    at(0, '\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19'),
    'it is in the format of PyTorch before 1.6',
  ],
  [at(257, 'ustar'), 'it is in the tar format of PyTorch before 0.1.10'],
  [isBarePickle, 'it is a bare pickle without the archive around it'],
];

/** What people take for a checkpoint. */
const MISTAKEN: readonly (readonly [Recognize, string])[] = [
  [(start) => start === '', 'the file is empty'],
  [(start) => start.trimStart().startsWith('<'), 'it is a web page, not the file that the page is about'],
  [at(0, 'version https://git-lfs'), 'it is a git-lfs pointer, not the file itself; run "git lfs pull"'],
  [at(0, '\x1f\x8b'), 'it is compressed with gzip; unpack it first'],
  [at(0, 'GGUF'), 'it is a GGUF file'],
  [at(0, '\x93NUMPY'), 'it is a NumPy array'],
  [at(8, '{'), 'it is a safetensors file'],
];

/**
 * Makes sure that a file begins as torch.save archives do.
 *
 * @throws UnsupportedCheckpointError on older formats of PyTorch
 * @throws NotACheckpointError on anything else, saying what it is where that can be told
 */
export function requireArchive(source: ByteSource): void {
  const start = readBytes(source, 0, Math.min(source.size, 512)).toString('latin1');
  if (start.startsWith('PK\x03\x04')) return;
  const unsupported = UNSUPPORTED.find(([recognize]) => recognize(start));
  if (unsupported) throw new UnsupportedCheckpointError(`${unsupported[1]}; ${RESAVE}`);
  const mistaken = MISTAKEN.find(([recognize]) => recognize(start));
  throw new NotACheckpointError(mistaken?.[1] ?? 'it is not a file that torch.save wrote');
}
