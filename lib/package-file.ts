import { fileURLToPath } from 'node:url';

/** The absolute path of a file of this package. lib/ and dist/, where this file is built into one beside it, are as deep. */
export function packageFile(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}
