import { readFileSync } from 'node:fs';

import { TorchError } from '../errors.js';
import { BadPickleError } from './errors.js';
import { PickleCursor } from './pickle-cursor.js';
import { PickleReader } from './pickle-reader.js';

/** Takes a `str` of Python 2 for Latin-1, which any bytes are: `pickle.load(file, encoding='latin1')`. */
class Latin1Cursor extends PickleCursor {
  override byteString(count: number): string {
    return this.bytes(count).toString('latin1');
  }
}

/**
 * Reads a file that is one pickle, as Python's `pickle.load(file, encoding='latin1')`; nothing in it is executed.
 *
 * @throws CheckpointError of the kind that fits, naming the file
 */
export function readPickle(path: string): unknown {
  try {
    return new PickleReader(new Latin1Cursor(readFileSync(path)), refuseStorage).read();
  } catch (error) {
    if (error instanceof TorchError) error.message = `cannot read ${path}: ${error.message}`;
    throw error;
  }
}

function refuseStorage(): never {
  throw new BadPickleError('it refers to data outside of the file', 0, 'BINPERSID');
}
