import { tensor } from '../../creation.js';
import { ValueError } from '../../errors.js';
import { scope } from '../../memory.js';
import type { Tensor } from '../../tensor.js';

/** The dtypes by their number in the file. */
const DTYPES: Record<number, string> = {
  8: 'uint8',
  9: 'int8',
  11: 'int16',
  12: 'int32',
  13: 'float32',
  14: 'float64',
};

/**
 * Reads an IDX file, the format of MNIST: two zeros, dtype, number of dimensions, sizes in big-endian order, values.
 *
 * @throws TypeError when the values are not uint8
 * @throws ValueError on another number of dimensions, or when the file is cut off or no IDX file
 */
export function readIdx(bytes: Uint8Array, dims: number, name: string): Tensor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = bytes.length >= 4 ? view.getUint32(0) : 0;
  const dtype = DTYPES[magic >> 8];
  if (dtype === undefined)
    throw new ValueError(`${name} is no IDX file: it begins with 0x${magic.toString(16)}`);
  if (dtype !== 'uint8')
    throw new TypeError(`x should be of dtype torch.uint8 instead of torch.${dtype}: ${name}`);
  const found = magic & 0xff;
  if (found !== dims) throw new ValueError(`x should have ${dims} dimension instead of ${found}: ${name}`);
  const start = 4 * (dims + 1);
  if (bytes.length < start) throw new ValueError(`${name} is cut off: it has ${bytes.length} bytes`);
  const shape = Array.from({ length: dims }, (_, i) => view.getUint32(4 * (i + 1)));
  const count = shape.reduce((product, size) => product * size, 1);
  if (bytes.length - start !== count) {
    throw new ValueError(
      `${name} should hold ${shape.join(' x ')} = ${count} bytes, but has ${bytes.length - start}; get it again`,
    );
  }
  return scope(() => tensor(bytes.subarray(start)).view(shape));
}
