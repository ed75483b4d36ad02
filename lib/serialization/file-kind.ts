import { type ByteSource, readBytes } from './byte-source.js';
import { NotACheckpointError } from './errors.js';

/** Looks at the first bytes of a file, one character each. */
type Recognize = (start: string) => boolean;

const at =
  (offset: number, text: string): Recognize =>
  (start) =>
    start.startsWith(text, offset);

// What PyTorch has written: ZIP since 1.6, a row of pickles since 0.1.10, tar before.
const KINDS = {
  zip: at(0, 'PK\x03\x04'),
  tar: at(257, 'ustar'),
  stream: ([first, version = '']: string) => first === '\x80' && version >= '\x02' && version <= '\x05',
};

export type FileKind = keyof typeof KINDS;

/** What people take for a checkpoint. */
const MISTAKEN: readonly (readonly [Recognize, string])[] = [
  [(start) => start === '', 'the file is empty'],
  [(start) => start.trimStart().startsWith('<'), 'it is a web page, not the file that the page is about'],
  [at(0, 'version https://git-lfs'), 'it is a git-lfs pointer, not the file itself; run "git lfs pull"'],
  [at(0, '\x1f\x8b'), 'it is compressed with gzip; unpack it first'],
  [at(0, '\x28\xb5\x2f\xfd'), 'it is compressed with Zstandard; unpack it first'],
  [at(0, '\xfd7zXZ'), 'it is compressed with xz; unpack it first'],
  [at(0, 'BZh'), 'it is compressed with bzip2; unpack it first'],
  [at(0, 'PK\x05\x06'), 'it is an empty ZIP archive'],
  [at(0, 'GGUF'), 'it is a GGUF file, which llama.cpp reads'],
  [at(0, '\x93NUMPY'), 'it is a NumPy array'],
  [at(0, '\x89HDF'), 'it is an HDF5 file, such as Keras writes'],
  [at(8, '{'), 'it is a safetensors file; load it with torch.safetensors.loadFile(path)'],
  [
    (start) => start.includes('PK\x03\x04'),
    'there is something in front of the archive; the file should begin with it',
  ],
];

/**
 * Which of PyTorch's formats a file is in, by its first bytes.
 *
 * @throws NotACheckpointError on anything else, saying what it is where that can be told
 */
export function fileKind(source: ByteSource): FileKind {
  const start = readBytes(source, 0, Math.min(source.size, 512)).toString('latin1');
  for (const kind of Object.keys(KINDS) as FileKind[]) if (KINDS[kind](start)) return kind;
  const mistaken = MISTAKEN.find(([recognize]) => recognize(start));
  throw new NotACheckpointError(mistaken?.[1] ?? 'it is not a file that torch.save wrote');
}
