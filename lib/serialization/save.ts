import { basename } from 'node:path';

import { scope } from '../memory.js';
import { writeAtomically } from './atomic-file.js';
import { PickleWriter } from './pickle-writer.js';
import { TensorWriter } from './tensor-writer.js';
import { ZipWriter } from './zip-writer.js';

/**
 * Writes `value` to a file that PyTorch opens: `torch.load(path, weights_only=True)`, with `mmap=True` too.
 *
 * A Map or plain object becomes a dict, an array a list, a {@link Tuple} a tuple; an integral number an int
 * (`torch.float(1)` is 1.0), a BigInt an int of any size. A tensor brings its whole storage along, also where it is a
 * small view of it (`clone()` it to avoid that); tensors that share a storage share it in the file. The file replaces
 * an old one only when it is complete.
 *
 * @throws TypeError naming the place of a value that cannot be saved
 * @throws TorchError naming the path when the file cannot be written; an old file is then untouched
 */
export function save(value: unknown, path: string): void {
  scope(() => {
    const tensors = new TensorWriter();
    const pickle = new PickleWriter((object) => tensors.reduce(object)).dump(value);
    writeAtomically(path, (file) => {
      const zip = new ZipWriter(file, rootOf(path));
      zip.writeRecord('data.pkl', pickle);
      // 1: storages lie in the order of their keys.
      zip.writeRecord('.format_version', '1');
      zip.writeRecord('.storage_alignment', '64');
      zip.writeRecord('byteorder', 'little');
      for (const { key, tensor, nbytes } of tensors.storages) {
        zip.writeStorage(`data/${key.text}`, tensor, nbytes);
      }
      zip.finish();
    });
  });
}

// PyTorch names the folder in the archive after the file, up to the last dot; 'archive' where the path is not ASCII.
function rootOf(path: string): string {
  const name = basename(path).replace(/\.[^.]*$/, '');
  return name === '' || !isAscii(path) ? 'archive' : name;
}

function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}
