// Prints tensors, character for character as PyTorch does (torch/_tensor_str.py).

import { bool, complex64, complex128, type DType, float64, getDefaultDtype, int64 } from '../dtype.js';
import { strided } from '../layout.js';
import { scope } from '../memory.js';
import { formatFloat } from '../python-format.js';
import { tupleText } from '../python-text.js';
import type { Tensor } from '../tensor.js';
import { floatColumn, integerColumn, type PrintedColumn } from './column.js';
import { type PrintedElements, printedElements } from './elements.js';
import { getPrintoptions, type PrintOptions } from './print-options.js';

function everyOther(values: ArrayLike<number>, start: number): number[] {
  return Array.from({ length: values.length / 2 }, (_, i) => values[2 * i + start] as number);
}

/** Real and imaginary parts have a width each; the sign of the imaginary part joins them. */
function complexColumn(values: Float64Array, options: PrintOptions): PrintedColumn {
  const real = floatColumn(everyOther(values, 0), options);
  const imaginary = floatColumn(everyOther(values, 1), options);
  const texts = real.texts.map((text, i) => {
    const part = (imaginary.texts[i] as string).trimStart();
    return `${text}${part.startsWith('-') ? '' : '+'}${part}j`;
  });
  return { texts, width: real.width + imaginary.width + 1 };
}

function column(values: Float64Array | BigInt64Array, dtype: DType, options: PrintOptions): PrintedColumn {
  if (values instanceof BigInt64Array) return integerColumn(values, dtype);
  return dtype.isComplex ? complexColumn(values, options) : floatColumn(values, options);
}

function bracketed(
  elements: PrintedElements,
  { texts, width }: PrintedColumn,
  indent: number,
  linewidth: number,
): string {
  const { sizes, cut } = elements;
  let next = 0;

  function vector(dim: number, before: number): string {
    const data = texts.slice(next, next + (sizes[dim] as number));
    next += data.length;
    if (cut[dim]) data.splice(data.length / 2, 0, ' ...');
    const perLine = Math.max(1, Math.floor((linewidth - before) / (width + 2)));
    const lines: string[] = [];
    for (let i = 0; i < data.length; i += perLine) lines.push(data.slice(i, i + perLine).join(', '));
    return `[${lines.join(`,\n${' '.repeat(before + 1)}`)}]`;
  }

  function block(dim: number, before: number): string {
    if (dim === sizes.length - 1) return vector(dim, before);
    const slices = Array.from({ length: sizes[dim] as number }, () => block(dim + 1, before + 1));
    if (cut[dim]) slices.splice(slices.length / 2, 0, '...');
    return `[${slices.join(`,${'\n'.repeat(sizes.length - 1 - dim)}${' '.repeat(before + 1)}`)}]`;
  }

  return sizes.length === 0 ? (texts[0] as string) : block(0, indent);
}

/** The elements alone, for a prefix of `indent` characters. */
function contents(tensor: Tensor, indent: number): string {
  if (tensor.numel() === 0) return '[]';
  const options = getPrintoptions();
  const isCut = tensor.numel() > options.threshold && tensor.dim() > 0;
  if (isCut && options.edgeitems === 0) return '[...]';
  const elements = printedElements(tensor, isCut ? options.edgeitems : Infinity);
  return bracketed(elements, column(elements.values, tensor.dtype, options), indent, options.linewidth);
}

const isDefaultDtype = (dtype: DType): boolean =>
  [getDefaultDtype(), getDefaultDtype() === float64 ? complex128 : complex64, int64, bool].includes(dtype);

/** `name=tensor(...)` for the parts of a sparse tensor. */
function part(name: string, tensor: Tensor, indent: number): string {
  const prefix = `${name}=tensor(`;
  const isMeta = tensor.device.type === 'meta';
  const text = isMeta ? '...' : contents(tensor, indent + prefix.length);
  const size = isMeta || tensor.numel() === 0 ? `, size=${tupleText(tensor.shape)}` : '';
  return `${prefix}${text}${size})`;
}

function sparseParts(tensor: Tensor, indent: number): string {
  const parts = (named: [string, Tensor][]): string =>
    named.map(([name, values]) => part(name, values.detach(), indent)).join(`,\n${' '.repeat(indent)}`);
  const { name } = tensor.layout;
  if (name === 'sparse_coo')
    return parts([
      ['indices', tensor._indices()],
      ['values', tensor._values()],
    ]);
  const [compressed, plain]: [[string, Tensor], [string, Tensor]] =
    name === 'sparse_csr' || name === 'sparse_bsr'
      ? [
          ['crow_indices', tensor.crowIndices()],
          ['col_indices', tensor.colIndices()],
        ]
      : [
          ['ccol_indices', tensor.ccolIndices()],
          ['row_indices', tensor.rowIndices()],
        ];
  return parts([compressed, plain, ['values', tensor.values()]]);
}

const quantizationSchemes = [
  'per_tensor_affine',
  'per_channel_affine',
  'per_tensor_symmetric',
  'per_channel_symmetric',
  'per_channel_affine_float_qparams',
];

function quantizationSuffixes(tensor: Tensor): string[] {
  const scheme = quantizationSchemes[tensor.qscheme()] as string;
  const named = `quantization_scheme=torch.${scheme}`;
  if (scheme.startsWith('per_tensor')) {
    return [named, `scale=${formatFloat(tensor.qScale())}`, `zero_point=${tensor.qZeroPoint()}`];
  }
  const scales = tensorToString(tensor.qPerChannelScales());
  const zeroPoints = tensorToString(tensor.qPerChannelZeroPoints());
  return [named, `scale=${scales}`, `zero_point=${zeroPoints}`, `axis=${tensor.qPerChannelAxis()}`];
}

/** What stands between the brackets, and what is said about size and dtype. */
function body(tensor: Tensor, indent: number): { text: string; suffixes: string[] } {
  const { dtype, layout, shape } = tensor;
  const isMeta = tensor.device.type === 'meta';
  const size = `size=${tupleText(shape)}`;
  const dtypeUnless = (isShown: boolean): string[] => (isShown ? [] : [`dtype=${dtype}`]);

  if (layout.name.startsWith('sparse')) {
    const nnz = isMeta ? [] : [`nnz=${tensor._nnz()}`];
    const suffixes = [size, ...nnz, ...dtypeUnless(isDefaultDtype(dtype))];
    return { text: sparseParts(tensor, indent), suffixes };
  }
  if (dtype.kind === 'quantized') {
    const suffixes = [size, ...dtypeUnless(false), ...quantizationSuffixes(tensor)];
    return { text: contents(tensor.detach().dequantize(), indent), suffixes };
  }
  if (isMeta) return { text: '...', suffixes: [size, ...dtypeUnless(dtype === getDefaultDtype())] };
  if (tensor.numel() === 0) {
    const sizes = shape.length === 1 ? [] : [size];
    return { text: '[]', suffixes: [...sizes, ...dtypeUnless(dtype === getDefaultDtype())] };
  }
  const sizes = getPrintoptions().edgeitems === 0 ? [size] : [];
  const dense = layout === strided ? tensor : tensor.detach().toDense();
  return { text: contents(dense, indent), suffixes: [...sizes, ...dtypeUnless(isDefaultDtype(dtype))] };
}

function gradSuffix(tensor: Tensor): string[] {
  let name: string | null;
  try {
    name = tensor.gradFn;
  } catch {
    // A view made without grad and changed in place without grad has no valid node.
    name = 'Invalid';
  }
  if (name !== null) return [`grad_fn=<${name.slice(name.lastIndexOf(':') + 1)}>`];
  return tensor.requiresGrad ? ['requires_grad=True'] : [];
}

/** Puts the suffixes on the last line as long as they fit. */
function withSuffixes(text: string, suffixes: readonly string[], indent: number, newline: boolean): string {
  const { linewidth } = getPrintoptions();
  let result = text;
  let length = text.length - text.lastIndexOf('\n') + 1;
  suffixes.forEach((suffix, i) => {
    if ((newline && i === 0) || length + suffix.length + 2 > linewidth) {
      result += `,\n${' '.repeat(indent)}${suffix}`;
      length = indent + suffix.length;
    } else {
      result += `, ${suffix}`;
      length += suffix.length + 2;
    }
  });
  return `${result})`;
}

/** PyTorch's `repr(tensor)`. Only the elements that are shown are converted; a CUDA tensor is copied and waits. */
export function tensorToString(tensor: Tensor): string {
  const prefix = 'tensor(';
  const indent = prefix.length;
  return scope(() => {
    const { device, layout } = tensor;
    const { text, suffixes } = body(tensor, indent);
    const all = [
      ...(device.type === 'cpu' ? [] : [`device='${device}'`]),
      ...suffixes,
      ...(layout === strided ? [] : [`layout=${layout}`]),
      ...gradSuffix(tensor),
    ];
    return withSuffixes(prefix + text, all, indent, layout.name === 'sparse_coo');
  });
}
