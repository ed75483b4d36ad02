import { type ByteSource, readBytes } from './byte-source.js';
import { NotACheckpointError, UnsupportedCheckpointError } from './errors.js';

const LEGACY_MAGIC = '\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19';

const RESAVE = 'load it in PyTorch and save it again';

/** Formats of PyTorch that are not read yet. */
const UNSUPPORTED: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`^${LEGACY_MAGIC}`), `it is in the format of PyTorch before 1.6; ${RESAVE}`],
  [/^[^]{257}ustar/, `it is in the tar format of PyTorch before 0.1.10; ${RESAVE}`],
  [/^\x80[\x02-\x05]/, `it is a bare pickle without the archive around it; ${RESAVE} with torch.save`],
];

/** What people take for a checkpoint. */
const MISTAKEN: readonly (readonly [RegExp, string])[] = [
  [/^$/, 'the file is empty'],
  [/^\s*</, 'it is a web page: the download went to a page about the file instead of the file'],
  [/^version https:\/\/git-lfs/, 'it is a git-lfs pointer, not the file itself; run "git lfs pull"'],
  [/^\x1f\x8b/, 'it is compressed with gzip; unpack it first'],
  [/^GGUF/, 'it is a GGUF file'],
  [/^\x93NUMPY/, 'it is a NumPy array'],
  [/^[^]{8}\{/, 'it is a safetensors file'],
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
  const unsupported = UNSUPPORTED.find(([pattern]) => pattern.test(start));
  if (unsupported) throw new UnsupportedCheckpointError(unsupported[1]);
  const mistaken = MISTAKEN.find(([pattern]) => pattern.test(start));
  throw new NotACheckpointError(mistaken?.[1] ?? 'it is not a file that torch.save wrote');
}
