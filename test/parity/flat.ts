// A value as a list of [path, text]; equal texts mean equal bits. The other half is reference/flat.py.

import { createHash } from 'node:crypto';
import * as torch from 'libtorch-node';

export type Leaf = [path: string, text: string];

/** Python's float.hex(). */
export function hexFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  const bits = new BigUint64Array(Float64Array.of(value).buffer)[0] as bigint;
  const sign = bits >> 63n ? '-' : '';
  if (!Number.isFinite(value)) return `${sign}inf`;
  if (value === 0) return `${sign}0x0.0p+0`;
  const biased = Number((bits >> 52n) & 0x7ffn);
  const exponent = Math.max(biased, 1) - 1023;
  const mantissa = (bits & 0xfffffffffffffn).toString(16).padStart(13, '0');
  return `${sign}0x${biased === 0 ? 0 : 1}.${mantissa}p${exponent < 0 ? '' : '+'}${exponent}`;
}

function tensorText(tensor: torch.Tensor): string {
  return torch.noGrad(() =>
    torch.scope(() => {
      const { buffer, byteOffset, byteLength } = tensor.detach().contiguous().cpu().typedArray();
      const digest = createHash('sha256')
        .update(new Uint8Array(buffer, byteOffset, byteLength))
        .digest('hex');
      const list = (sizes: number[]) => `[${sizes.join(', ')}]`;
      const text = `${tensor.dtype.name} ${list(tensor.shape)} strides ${list(tensor.stride())} ${digest}`;
      const shown = tensor.dtype.isFloatingPoint && tensor.numel() === 1;
      return shown ? `${text} = ${hexFloat(Number(tensor.item()))}` : text;
    }),
  );
}

function scalarText(value: unknown): string {
  if (torch.isTensor(value)) return tensorText(value);
  if (value instanceof torch.TorchFloat) return hexFloat(value.value);
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : hexFloat(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return `'${value}'`;
  return value === null || value === undefined ? 'None' : String(value);
}

/** Maps and plain objects are dicts; an integral number is an int unless it is a `torch.float`. */
export function flat(value: unknown, path = ''): Leaf[] {
  const found = entriesOf(value);
  if (!found) return [[path, scalarText(value)]];
  const [kind, entries] = found;
  const leaf: Leaf = [path, `${kind} of ${entries.length}`];
  return [
    leaf,
    ...entries.flatMap(([key, item]) =>
      flat(item, `${path}${typeof key === 'number' ? `[${key}]` : `.${key}`}`),
    ),
  ];
}

function entriesOf(value: unknown): [kind: string, entries: [key: unknown, item: unknown][]] | undefined {
  if (torch.isTensor(value) || value instanceof torch.TorchFloat) return undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value))
    return [value.constructor.name === 'Tuple' ? 'tuple' : 'list', [...value.entries()]];
  return ['dict', value instanceof Map ? [...value] : Object.entries(value)];
}
