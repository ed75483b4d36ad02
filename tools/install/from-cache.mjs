// @ts-check
import { entryFolder, readEntry } from './cache-entry.mjs';

/**
 * What an earlier installation of this user fetched, for any project.
 * @type {import('./resolve.mjs').Source}
 */
export async function fromCache(host, wanted) {
  const folder = entryFolder(host, wanted);
  const entry = readEntry(folder);
  return typeof entry === 'string' ? { passed: `${folder}: ${entry}` } : { found: entry };
}
