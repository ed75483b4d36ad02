import { device } from '../device.js';
import { type DType, dtypes } from '../dtype.js';
import { OrderedDict } from '../ordered-dict.js';
import { Tuple } from '../tuple.js';
import { ForbiddenGlobalError } from './errors.js';
import { encodeLatin1, makeByteArray, makeBytes, makeComplex, makeCounter } from './python-values.js';
import { rebuildParameter, rebuildTensorV2, rebuildTensorV3 } from './rebuild.js';
import {
  getLayout,
  rebuildFromCpu,
  rebuildMeta,
  rebuildParameterWithState,
  rebuildSparse,
  rebuildTensor,
} from './rebuild-kinds.js';
import { STORAGE_DTYPES } from './storage-types.js';

/** What a class or function of Python makes of its arguments. Throws TypeError on arguments it is not called with. */
export type AllowedFunction = (...args: unknown[]) => unknown;

/** A storage class; null is bytes without a dtype. */
export class StorageType {
  readonly dtype: DType | null;

  constructor(dtype: DType | null) {
    this.dtype = dtype;
  }
}

/** Every global that a checkpoint may name. There is no other way from a name in a file to something that runs. */
const ALLOWED: ReadonlyMap<string, AllowedFunction | StorageType | DType> = new Map<
  string,
  AllowedFunction | StorageType | DType
>([
  ['torch._utils._rebuild_tensor_v2', rebuildTensorV2],
  ['torch._utils._rebuild_tensor_v3', rebuildTensorV3],
  ['torch._utils._rebuild_parameter', rebuildParameter],
  ['torch._utils._rebuild_tensor', rebuildTensor],
  ['torch._utils._rebuild_parameter_with_state', rebuildParameterWithState],
  ['torch._utils._rebuild_meta_tensor_no_storage', rebuildMeta],
  ['torch._utils._rebuild_sparse_tensor', rebuildSparse],
  ['torch._utils._rebuild_device_tensor_from_cpu_tensor', rebuildFromCpu],
  ['torch.serialization._get_layout', getLayout],
  ['_codecs.encode', encodeLatin1],
  ['builtins.bytes', makeBytes],
  ['builtins.bytearray', makeByteArray],
  ['builtins.complex', makeComplex],
  ['collections.Counter', makeCounter],
  ['torch.storage.UntypedStorage', new StorageType(null)],
  ...[...STORAGE_DTYPES].flatMap(([name, dtype]) => storageTypes(name, dtype)),
  ...dtypes.map((dtype): [string, DType] => [`torch.${dtype.name}`, dtype]),
  ['torch.Size', (sizes) => Tuple.from(list(sizes))],
  ['torch.device', makeDevice],
  ['collections.OrderedDict', (items = []) => new OrderedDict(list(items).map(pair))],
  ['builtins.set', (items = []) => new Set(list(items))],
]);

// Protocol 2 uses the names of Python 2.
const PYTHON2_MODULES: ReadonlyMap<string, string> = new Map([['__builtin__', 'builtins']]);

/** @throws ForbiddenGlobalError for a name that is not on the list */
export function findGlobal(module: string, name: string): AllowedFunction | StorageType | DType {
  const found = ALLOWED.get(`${PYTHON2_MODULES.get(module) ?? module}.${name}`);
  if (found === undefined) throw new ForbiddenGlobalError(`${module}.${name}`);
  return found;
}

function storageTypes(name: string, dtype: DType): [string, StorageType][] {
  return ['torch', 'torch.cuda'].map((module) => [`${module}.${name}`, new StorageType(dtype)]);
}

function makeDevice(type: unknown, index: unknown = null): unknown {
  if (typeof type !== 'string' || (index !== null && !Number.isInteger(index))) {
    throw new TypeError('torch.device takes a name and an index');
  }
  return device(type, index as number | null);
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new TypeError('expected a list');
  return value;
}

function pair(value: unknown): [unknown, unknown] {
  if (!Array.isArray(value) || value.length !== 2) throw new TypeError('expected a key and a value');
  return [value[0], value[1]];
}
