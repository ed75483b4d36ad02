// Compares what a corpus file loads as with what PyTorch loaded it as (corpus/expected.json).

import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import * as torch from 'libtorch-node';
import { expect } from 'vitest';
import { encodeUtf8 } from '../../dist/serialization/surrogate-pass.js';
import { storageId, storageNbytes } from '../../dist/storage.js';

const { serialization } = torch;

/** A value as Python described it: `t` is its kind, `id` and `ref` its identity. */
export interface Described {
  t: string;
  id?: number;
  items?: never[];
  len?: number;
  v?: unknown;
  hex?: string;
  attrs?: Record<string, Described>;
  [field: string]: unknown;
}

const CLASSES: Record<string, unknown> = {
  dict: Map,
  ordereddict: torch.OrderedDict,
  counter: serialization.Counter,
  defaultdict: serialization.DefaultDict,
  list: Array,
  tuple: serialization.Tuple,
  set: Set,
  frozenset: serialization.FrozenSet,
  bytes: Uint8Array,
  bytearray: serialization.ByteArray,
};

const NUMBERS: Record<string, number> = { nan: NaN, inf: Infinity, '-inf': -Infinity, '-0': -0 };

/** Follows a description and a value together; `numbers` are of objects and of storages. */
export class Comparison {
  readonly #objects = new Map<number, unknown>();
  readonly #storages = new Map<number, bigint>();

  check(described: Described, value: unknown, path: string): void {
    const { t, id } = described;
    if (t === 'deep') return;
    if (t === 'ref') {
      this.#checkReference(id as number, value, path);
      return;
    }
    if (id !== undefined) this.#objects.set(id, value);
    if (t === 'tensor' || t === 'parameter') this.#checkTensor(described, value as torch.Tensor, path);
    else if (t === 'typed_storage') this.#checkStorage(described, value as torch.serialization.Storage, path);
    else if (CLASSES[t]) this.#checkContainer(described, value as object, path);
    else if (t === 'ndarray') this.#checkArray(described, value as torch.Tensor, path);
    else if (t === 'object')
      expect([path, (value as { className: string }).className]).toEqual([path, described.class]);
    else if (!isSame(described, value)) expect([path, value]).toEqual([path, scalar(described)]);
  }

  /** Distinct objects and storages there are distinct ones here. */
  finish(): void {
    const objects = [...this.#objects.values()].filter(
      (value) => typeof value === 'object' && !isEmptyTuple(value),
    );
    expect(new Set(objects).size).toBe(objects.length);
    expect(new Set(this.#storages.values()).size).toBe(this.#storages.size);
  }

  // Python has one empty tuple.
  #checkReference(id: number, value: unknown, path: string): void {
    expect([path, value === this.#objects.get(id) || isEmptyTuple(value)]).toEqual([path, true]);
  }

  #checkContainer({ t, items = [], len, hex, attrs }: Described, value: object, path: string): void {
    expect([path, value.constructor]).toEqual([path, CLASSES[t]]);
    if (value instanceof Uint8Array) {
      expect([path, Buffer.from(value).toString('hex')]).toEqual([path, hex]);
      return;
    }
    const contents: unknown[] = Array.isArray(value) ? value : [...(value as Iterable<unknown>)];
    expect([path, contents.length]).toEqual([path, len]);
    items.forEach((item, i) => {
      const found = contents[i];
      if (value instanceof Map) this.#checkEntry(item, found as [unknown, unknown], path);
      else this.check(item, found, `${path}[${i}]`);
    });
    if (attrs) this.#checkAttributes(attrs, value as torch.OrderedDict<string, unknown>, path);
  }

  #checkEntry([key, value]: [Described, Described], found: [unknown, unknown], path: string): void {
    this.check(key, found[0], `${path} key`);
    this.check(value, found[1], `${path}[${String(found[0])}]`);
  }

  #checkAttributes(
    attrs: Record<string, Described>,
    value: torch.Tensor | torch.OrderedDict<string, unknown>,
    path: string,
  ): void {
    const own = new Map<string, unknown>(serialization.attributesOf(value));
    if (value instanceof Map && value.metadata) own.set('_metadata', value.metadata);
    expect([path, [...own.keys()].sort()]).toEqual([path, Object.keys(attrs).sort()]);
    for (const [name, attribute] of Object.entries(attrs))
      this.check(attribute, own.get(name), `${path}.${name}`);
  }

  #checkTensor(described: Described, value: torch.Tensor, path: string): void {
    expect([path, torch.isTensor(value)]).toEqual([path, true]);
    expect([path, value instanceof torch.nn.Parameter]).toEqual([path, described.t === 'parameter']);
    if (described.attrs) this.#checkAttributes(described.attrs, value, path);
    const { dtype, device, requires_grad: requiresGrad = false, layout } = described;
    expect([path, value.dtype.name, `${value.device}`]).toEqual([path, dtype, device]);
    expect([path, value.requiresGrad]).toEqual([path, requiresGrad]);
    if (layout === 'nested') {
      expect(value.isNested).toBe(true);
      value.unbind().forEach((part, i) => {
        this.check((described.parts as Described[])[i] as Described, part, `${path} part ${i}`);
      });
    } else {
      expect([path, value.shape]).toEqual([path, described.shape]);
      if (described.quantizer) this.#checkQuantizer(described, value, path);
      if (layout === undefined) this.#checkMemory(described, value, path);
      else this.#checkSparse(described, value, path);
    }
  }

  #checkArray({ dtype, shape, hex }: Described, value: torch.Tensor, path: string): void {
    const order = /^[<>]/.test(dtype as string) ? 'int32' : dtype;
    expect([path, value.dtype.name, value.shape]).toEqual([path, order, shape]);
    if (order === dtype) expect([path, bytesOf(value).toString('hex')]).toEqual([path, hex]);
    else expect([path, value.tolist()]).toEqual([path, [0, 1, 2, 3]]);
  }

  #checkQuantizer(described: Described, value: torch.Tensor, path: string): void {
    const quantizer = described.quantizer as Record<string, unknown>;
    const found =
      'scale' in quantizer
        ? { scale: value.qScale(), zero_point: value.qZeroPoint() }
        : {
            scales: value.qPerChannelScales().tolist(),
            zero_points: value.qPerChannelZeroPoints().tolist(),
            axis: value.qPerChannelAxis(),
          };
    expect([path, found]).toEqual([path, quantizer]);
    expect([path, bytesOf(value.intRepr()).toString('hex')]).toEqual([path, described.integers]);
  }

  #checkSparse(described: Described, value: torch.Tensor, path: string): void {
    expect([path, value.layout.name]).toEqual([path, described.layout]);
    const parts: Record<string, () => torch.Tensor> = {
      indices: () => value._indices(),
      crow: () => value.crowIndices(),
      col: () => value.colIndices(),
      ccol: () => value.ccolIndices(),
      row: () => value.rowIndices(),
      values: () => (described.indices ? value._values() : value.values()),
    };
    for (const [name, part] of Object.entries(parts)) {
      if (described[name]) this.check(described[name] as Described, part(), `${path} ${name}`);
    }
    if (described.indices) expect([path, value.isCoalesced()]).toEqual([path, described.is_coalesced]);
  }

  #checkMemory(described: Described, value: torch.Tensor, path: string): void {
    const { stride, offset, storage, storage_nbytes: nbytes, sha256, hex } = described;
    expect([path, value.stride(), value.storageOffset()]).toEqual([path, stride, offset]);
    if (storage !== undefined) {
      expect([path, storageNbytes(value)]).toEqual([path, nbytes]);
      this.#number(storage as number, storageId(value), path);
    }
    if (sha256 === undefined) return;
    const bytes = bytesOf(value);
    expect([path, createHash('sha256').update(bytes).digest('hex')]).toEqual([path, sha256]);
    if (hex !== undefined) expect([path, bytes.toString('hex')]).toEqual([path, hex]);
  }

  #checkStorage(described: Described, value: torch.serialization.Storage, path: string): void {
    expect([path, value.constructor]).toEqual([path, serialization.Storage]);
    expect([path, (value.dtype ?? torch.uint8).name, value.nbytes]).toEqual([
      path,
      described.dtype,
      described.nbytes,
    ]);
    expect([path, bytesOf(value.bytes).toString('hex')]).toEqual([path, described.hex]);
    this.#number(described.storage as number, storageId(value.bytes), path);
  }

  #number(storage: number, id: bigint, path: string): void {
    const known = this.#storages.get(storage) ?? id;
    expect([path, id]).toEqual([path, known]);
    this.#storages.set(storage, known);
  }
}

function isEmptyTuple(value: unknown): boolean {
  return value instanceof serialization.Tuple && value.length === 0;
}

// The elements in row-major order.
function bytesOf(tensor: torch.Tensor): Buffer {
  return torch.scope(() => {
    const plain = tensor.detach().resolveConj().resolveNeg().contiguous();
    return Buffer.from(plain.reshape([-1]).view(torch.uint8).typedArray() as Uint8Array);
  });
}

function isSame(described: Described, value: unknown): boolean {
  const { t, v, hex } = described;
  if (t === 'text') return Buffer.from(encodeUtf8(value as string)).toString('hex') === hex;
  if (t === 'size') return value instanceof serialization.Size && `${value}` === `${v}`;
  if (t === 'torch') return `${value}` === v;
  // A float that we wrote as one.
  const plain = value instanceof torch.TorchFloat ? value.value : value;
  return t === 'complex' ? isDeepStrictEqual(value, scalar(described)) : Object.is(plain, scalar(described));
}

function scalar({ t, v, utf8_surrogatepass: surrogates }: Described): unknown {
  if (surrogates !== undefined) return '\ud800';
  if (t === 'none') return null;
  if (t === 'complex') {
    const { re, im } = v as { re: number; im: number };
    return new torch.Complex(re, im);
  }
  if (typeof v === 'object' && v !== null && 'bigint' in v) return BigInt(v.bigint as string);
  return t === 'float' || t === 'npscalar' ? (NUMBERS[v as string] ?? v) : v;
}
