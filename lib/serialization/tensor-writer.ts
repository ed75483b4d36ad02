import { type DType, uint8 } from '../dtype.js';
import { TorchError } from '../errors.js';
import { Parameter } from '../nn/parameter.js';
import { OrderedDict } from '../ordered-dict.js';
import { storageId, storageNbytes } from '../storage.js';
import { isTensor, type Tensor } from '../tensor.js';
import { Tuple } from '../tuple.js';
import { existingAttributes } from './attributes.js';
import { pythonForm } from './python-forms.js';
import { OwnString, PersistentId, PythonCall, PythonGlobal } from './python-object.js';
import { Storage } from './storage.js';
import { storageName } from './storage-types.js';
import { tensorForm } from './tensor-forms.js';

const REBUILD_V2 = new PythonGlobal('torch._utils', '_rebuild_tensor_v2');
const REBUILD_V3 = new PythonGlobal('torch._utils', '_rebuild_tensor_v3');
const REBUILD_PARAMETER = new PythonGlobal('torch._utils', '_rebuild_parameter');
const REBUILD_WITH_STATE = new PythonGlobal('torch._utils', '_rebuild_parameter_with_state');
const REBUILD_FROM_TYPE = new PythonGlobal('torch._tensor', '_rebuild_from_type_v2');
const TENSOR = new PythonGlobal('torch', 'Tensor');
const UNTYPED_STORAGE = new PythonGlobal('torch.storage', 'UntypedStorage');

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

  /** The Python form of a tensor, storage, or value of another class of PyTorch; null for anything else. */
  reduce(value: object): PythonGlobal | PythonCall | PersistentId | null {
    if (value instanceof Storage) return this.#storage(value.tensor(), value.dtype);
    if (!isTensor(value)) return pythonForm(value);
    return value instanceof Parameter ? this.#parameter(value) : this.#withAttributes(value);
  }

  #parameter(parameter: Parameter): PythonCall {
    const attributes = existingAttributes(parameter);
    const args = Tuple.of<unknown>(parameter.detach(), parameter.requiresGrad, new OrderedDict());
    if (attributes === undefined) return new PythonCall(REBUILD_PARAMETER, args);
    args.push(attributes);
    return new PythonCall(REBUILD_WITH_STATE, args);
  }

  #withAttributes(tensor: Tensor): PythonCall {
    const form = this.#tensor(tensor);
    const attributes = existingAttributes(tensor);
    if (attributes === undefined) return form;
    return new PythonCall(REBUILD_FROM_TYPE, Tuple.of<unknown>(form.callee, TENSOR, form.args, attributes));
  }

  #tensor(tensor: Tensor): PythonCall {
    const other = tensorForm(tensor, (quantized) => this.#storage(quantized, quantized.dtype));
    if (other !== null) return other;
    const type = storageName(tensor.dtype);
    const args = Tuple.of<unknown>(
      this.#storage(tensor, type === undefined ? null : tensor.dtype),
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

  // Without a dtype it is bytes, which tensors of several dtypes may lie over.
  #storage(tensor: Tensor, dtype: DType | null): PersistentId {
    const storage = this.#store(tensor, dtype ?? uint8);
    if (storage.dtype !== (dtype ?? uint8)) {
      throw new TorchError(
        'Cannot save multiple tensors or storages that view the same data as different types: ' +
          `${storage.dtype} and ${dtype ?? uint8}. Save a clone() of one of them`,
      );
    }
    const location = tensor.device.toString();
    const count = Math.floor(storage.nbytes / storage.dtype.itemsize);
    const type = dtype === null ? UNTYPED_STORAGE : new PythonGlobal('torch', storageName(dtype) as string);
    return new PersistentId(Tuple.of<unknown>('storage', type, storage.key, location, count));
  }

  #store(tensor: Tensor, dtype: DType): SavedStorage {
    const id = storageId(tensor);
    const known = this.#storages.get(id);
    if (known !== undefined) return known;
    const key = new OwnString(String(this.#storages.size));
    const stored = { key, dtype, tensor, nbytes: storageNbytes(tensor) };
    this.#storages.set(id, stored);
    return stored;
  }
}

function lazyBits(tensor: Tensor): Map<string, boolean> {
  const bits = new Map<string, boolean>();
  if (tensor.isNeg()) bits.set('neg', true);
  if (tensor.isConj()) bits.set('conj', true);
  return bits;
}
