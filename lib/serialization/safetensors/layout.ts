// What a file of given tensors looks like, before anything is written.

import { TorchError, ValueError } from '../../errors.js';
import { strided } from '../../layout.js';
import { typeText } from '../../python-text.js';
import { storageId } from '../../storage.js';
import { isTensor, type Tensor } from '../../tensor.js';
import { formatOf } from './dtypes.js';

/** Tensors by their names: a state dict, a Map, a plain object. */
export type Tensors = ReadonlyMap<string, Tensor> | Readonly<Record<string, Tensor>>;
/** Strings by their names. */
export type Metadata = ReadonlyMap<string, string> | Readonly<Record<string, string>>;

export interface NamedTensor {
  readonly name: string;
  readonly tensor: Tensor;
  readonly nbytes: number;
}

interface Ranked extends NamedTensor {
  readonly type: string;
  readonly rank: number;
}

/** The tensors in the order of the file: wide elements first, then by the bytes of the names. */
export function inFileOrder(tensors: Tensors): NamedTensor[] {
  const ranked = entriesOf(tensors).map(([name, tensor]) => rank(name, tensor));
  refuseShared(ranked);
  return ranked.sort((a, b) => b.rank - a.rank || Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
}

/** The first bytes of the file: length and header, padded so that the tensors begin at a multiple of 8. */
export function headerOf(tensors: readonly NamedTensor[], metadata: Metadata | null): Buffer {
  const entries: string[] = [];
  if (metadata) entries.push(`"__metadata__":{${metadataOf(metadata).join()}}`);
  let offset = 0;
  for (const { name, tensor, nbytes } of tensors) {
    const type = JSON.stringify(formatOf(tensor.dtype)?.name);
    const range = `[${offset},${offset + nbytes}]`;
    entries.push(`${quoted(name)}:{"dtype":${type},"shape":[${tensor.shape}],"data_offsets":${range}}`);
    offset += nbytes;
  }
  const json = Buffer.from(`{${entries.join()}}`);
  const padded = Math.ceil(json.length / 8) * 8;
  const header = Buffer.alloc(8 + padded, ' ');
  header.writeBigUInt64LE(BigInt(padded));
  json.copy(header, 8);
  return header;
}

function metadataOf(metadata: Metadata): string[] {
  return entriesOf<unknown>(metadata).map(([key, value]) => {
    if (typeof value === 'string') return `${quoted(key)}:${quoted(value)}`;
    throw new TypeError(`metadata ${JSON.stringify(key)} must be a string, not ${typeText(value)}`);
  });
}

function entriesOf<T>(values: ReadonlyMap<string, T> | Readonly<Record<string, T>>): [string, T][] {
  return values instanceof Map ? [...values] : Object.entries(values);
}

function quoted(text: string): string {
  if (/\p{Surrogate}/u.test(text)) throw new ValueError(`${JSON.stringify(text)} is not valid Unicode`);
  return JSON.stringify(text);
}

function rank(name: unknown, tensor: unknown): Ranked {
  const key = `\`${name}\``;
  if (typeof name !== 'string') throw new TypeError(`a name must be a string, not ${typeText(name)}`);
  if (name === '__metadata__') throw new ValueError(`Key ${key} is the format's own; use another name`);
  if (!isTensor(tensor)) {
    throw new ValueError(`Key ${key} is invalid, expected torch.Tensor but received ${typeText(tensor)}`);
  }
  if (tensor.layout !== strided) {
    throw new ValueError(
      `You are trying to save a sparse tensor: ${key} which this library does not support. You can make it a dense ` +
        'tensor before saving with `.toDense()` but be aware this might make a much larger file than needed.',
    );
  }
  const format = formatOf(tensor.dtype);
  if (format === undefined || tensor.device.type === 'meta') {
    const what = format === undefined ? `${tensor.dtype}` : 'a meta tensor';
    throw new ValueError(`Key ${key} is ${what}, which safetensors cannot hold; convert it first`);
  }
  if (!tensor.isContiguous()) {
    throw new ValueError(
      `You are trying to save a non contiguous tensor: ${key} which is not allowed. It either means you are trying ` +
        "to save tensors which are reference of each other in which case it's recommended to save only the full " +
        'tensors, and reslice at load time, or simply call `.contiguous()` on your tensor to pack it before saving.',
    );
  }
  if (tensor.isNeg() || tensor.isConj())
    throw new ValueError(`Key ${key} is a lazy view; \`.clone()\` it first`);
  return {
    name,
    tensor,
    nbytes: tensor.numel() * tensor.dtype.itemsize,
    type: format.name,
    rank: format.rank,
  };
}

/** The format has no sharing: tensors over the same bytes would become independent of each other. */
function refuseShared(tensors: readonly NamedTensor[]): void {
  const placed = tensors
    .filter(({ nbytes }) => nbytes > 0)
    .map(({ name, tensor, nbytes }) => {
      const begin = tensor.storageOffset() * tensor.dtype.itemsize;
      return { name, storage: storageId(tensor), begin, end: begin + nbytes };
    })
    .sort((a, b) => (a.storage === b.storage ? a.begin - b.begin : a.storage < b.storage ? -1 : 1));
  const [first, second] = placed.flatMap((item, index) => {
    const next = placed[index + 1];
    return next && next.storage === item.storage && next.begin < item.end ? [item.name, next.name] : [];
  });
  if (first === undefined) return;
  throw new TorchError(
    'Some tensors share memory, this will lead to duplicate memory on disk and potential differences when loading ' +
      `them again: \`${first}\` and \`${second}\`. Save only one of them, or a clone() of each`,
  );
}
