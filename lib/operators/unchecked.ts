// Operators whose kernels read what they never checked, and crash PyTorch too (found by npm run fuzz:ops): their
// arguments are checked here before the call.

import { ShapeError, TorchError } from '../errors.js';
import { camelToSnake } from '../names.js';
import { isTensor, type Tensor } from '../tensor.js';
import { isOptions } from './arguments.js';

type Check = (read: (index: number, name: string) => unknown) => void;

const lengthOf = (value: unknown) => (Array.isArray(value) ? value.length : undefined);

/** The kernels of backward take the padding's length for granted. */
function padding(name: string, dims: number): [string, Check] {
  return [
    name,
    (read) => {
      const length = lengthOf(read(2, 'padding'));
      if (length === undefined || length === 2 * dims) return;
      throw new ShapeError(`${name}: padding size is expected to be ${2 * dims}, but got ${length}`);
    },
  ];
}

/** Whether one stride leads from matrix to matrix. */
function matricesInOneRow({ shape, stride }: Tensor): boolean {
  return shape.slice(0, -3).every((_, i) => stride(i) === (shape[i + 1] as number) * stride(i + 1));
}

/** The kernel of triu and tril takes one stride for all matrices, and writes beyond results that need several. */
const triangularResults =
  (name: string, ...results: string[]): Check =>
  (read) => {
    const given = results.flatMap((result) => read(-1, result));
    if (given.every((x) => !isTensor(x) || matricesInOneRow(x))) return;
    throw new TorchError(`${name}: out is expected to have contiguous batch dimensions`);
  };

const triangularFactors = triangularResults('lu_unpack', 'out', 'L', 'U');

function pivots(read: Parameters<Check>[0]): void {
  triangularFactors(read);
  const [data, given] = [read(0, 'LU_data'), read(1, 'LU_pivots')];
  if (!isTensor(data) || !isTensor(given) || data.dim() < 2) return;
  const { shape } = data;
  const expected = [...shape.slice(0, -2), Math.min(...shape.slice(-2))];
  if (`${given.shape}` === `${expected}`) return;
  throw new ShapeError(
    `torch.lu_unpack: LU_pivots is expected to have the shape [${expected.join(', ')}], but has [${given.shape.join(', ')}]`,
  );
}

const fitsInt32 = (value: unknown) => !(Number(value) > 0x7fffffff || Number(value) < -0x80000000);

/** The form without gradients counts in 32 bits and does not look; the others refuse in these words. */
function window(read: Parameters<Check>[0]): void {
  for (const [i, name] of ['kernel_size', 'stride', 'padding', 'dilation'].entries()) {
    const given = read(i + 1, name);
    const sizes = Array.isArray(given) ? given : [given];
    if (sizes.every((size) => isTensor(size) || fitsInt32(size))) continue;
    throw new TorchError(`max_pool1d: ${name}: value cannot be converted to type int without overflow`);
  }
}

const checks = new Map<string, Check>([
  ...[1, 2, 3].flatMap((dims) =>
    ['reflection', 'replication'].map((kind) => padding(`${kind}_pad${dims}d_backward`, dims)),
  ),
  ['lu_unpack', pivots],
  ['linalg_lu', triangularResults('linalg_lu', 'out', 'L', 'U')],
  ['tril', triangularResults('tril', 'out')],
  ['triu', triangularResults('triu', 'out')],
  ['max_pool1d', window],
]);

type Call = (...args: unknown[]) => unknown;

/** The call with its check, where the operator has one. */
export function checked(qualifiedName: string, call: Call): Call {
  const [name = ''] = qualifiedName.replace(/^aten::/, '').split('.');
  const check = checks.get(name);
  if (!check) return call;
  return (...args) => {
    const options = isOptions(args.at(-1)) ? (args.at(-1) as Record<string, unknown>) : {};
    const count = isOptions(args.at(-1)) ? args.length - 1 : args.length;
    const named = Object.entries(options).map(
      ([key, value]) => [camelToSnake(key).toLowerCase(), value] as const,
    );
    const byName = new Map(named);
    check((index, key) => (index >= 0 && index < count ? args[index] : byName.get(key.toLowerCase())));
    return call(...args);
  };
}
