import { Device } from '../device.js';
import { DType } from '../dtype.js';
import { TorchError } from '../errors.js';
import { strided } from '../layout.js';
import { Parameter } from '../nn/parameter.js';
import { OrderedDict } from '../ordered-dict.js';
import { storageId, storageNbytes } from '../storage.js';
import { isTensor, type Tensor } from '../tensor.js';
import { Tuple } from '../tuple.js';
import { UnsupportedCheckpointError } from './errors.js';
import { OwnString, PersistentId, PythonCall, PythonGlobal } from './python-object.js';
import { storageName } from './storage-types.js';

const REBUILD_V2 = new PythonGlobal('torch._utils', '_rebuild_tensor_v2');
const REBUILD_V3 = new PythonGlobal('torch._utils', '_rebuild_tensor_v3');
const REBUILD_PARAMETER = new PythonGlobal('torch._utils', '_rebuild_parameter');
const UNTYPED_STORAGE = new PythonGlobal('torch.storage', 'UntypedStorage');
const DEVICE = new PythonGlobal('torch', 'device');

interface SavedStorage {
  key: OwnString;
  dtype: DType;
  /** Any tensor over the storage. */
  tensor: Tensor;
  nbytes: number;
}

/** Describes tensors as Python does and collects their storages, each once: views share a storage in the file too. */
export class TensorWriter {
  readonly #storages = new Map<bigint, SavedStorage>();

  /** A tensor over each storage, with the name of its record, in the order in which they were met. */
  get storages(): readonly SavedStorage[] {
    return [...this.#storages.values()];
  }

  /** The Python form of a tensor, dtype or device; null for anything else. */
  reduce(value: object): PythonGlobal | PythonCall | null {
    if (value instanceof DType) return new PythonGlobal('torch', value.name);
    if (value instanceof Device) return reduceDevice(value);
    if (!isTensor(value)) return null;
    return value instanceof Parameter ? this.#parameter(value) : this.#tensor(value);
  }

  #parameter(parameter: Parameter): PythonCall {
    const args = Tuple.of<unknown>(parameter.detach(), parameter.requiresGrad, new OrderedDict());
    return new PythonCall(REBUILD_PARAMETER, args);
  }

  #tensor(tensor: Tensor): PythonCall {
    refuseWithoutStorage(tensor);
    const type = storageName(tensor.dtype);
    const args = Tuple.of<unknown>(
      this.#storage(tensor, type),
      tensor.storageOffset(),
      Tuple.from(tensor.shape),
      Tuple.from(tensor.stride()),
      tensor.requiresGrad,
      new OrderedDict(),
    );
    if (type === undefined) args.push(tensor.dtype);
    // Conjugation and negation are bits of the tensor, not of its memory.
    if (tensor.isNeg() || tensor.isConj()) args.push(lazyBits(tensor));
    return new PythonCall(type === undefined ? REBUILD_V3 : REBUILD_V2, args);
  }

  #storage(tensor: Tensor, type: string | undefined): PersistentId {
    const storage = this.#store(tensor);
    if (storage.dtype !== tensor.dtype) {
      throw new TorchError(
        'Cannot save multiple tensors or storages that view the same data as different types: ' +
          `${storage.dtype} and ${tensor.dtype}. Save a clone() of one of them`,
      );
    }
    const location = tensor.device.toString();
    return new PersistentId(
      type === undefined
        ? Tuple.of<unknown>('storage', UNTYPED_STORAGE, storage.key, location, storage.nbytes)
        : Tuple.of<unknown>(
            'storage',
            new PythonGlobal('torch', type),
            storage.key,
            location,
            Math.floor(storage.nbytes / tensor.itemsize),
          ),
    );
  }

  #store(tensor: Tensor): SavedStorage {
    const id = storageId(tensor);
    const known = this.#storages.get(id);
    if (known !== undefined) return known;
    const key = new OwnString(String(this.#storages.size));
    const stored = { key, dtype: tensor.dtype, tensor, nbytes: storageNbytes(tensor) };
    this.#storages.set(id, stored);
    return stored;
  }
}

function reduceDevice({ type, index }: Device): PythonCall {
  return new PythonCall(DEVICE, index === null ? Tuple.of(type) : Tuple.of<unknown>(type, index));
}

function lazyBits(tensor: Tensor): Map<string, boolean> {
  const bits = new Map<string, boolean>();
  if (tensor.isNeg()) bits.set('neg', true);
  if (tensor.isConj()) bits.set('conj', true);
  return bits;
}

function refuseWithoutStorage(tensor: Tensor): void {
  const kind =
    tensor.layout !== strided
      ? `${tensor.layout}`
      : tensor.dtype.kind === 'quantized'
        ? 'quantized'
        : tensor.device.type === 'meta'
          ? 'meta'
          : null;
  if (kind === null) return;
  throw new UnsupportedCheckpointError(
    `cannot save a ${kind} tensor: only dense tensors can be saved so far`,
  );
}
