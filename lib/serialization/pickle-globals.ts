import { type DType, dtypes, float32 } from '../dtype.js';
import { Parameter } from '../nn/parameter.js';
import { aten } from '../operators/ops.js';
import { ForbiddenGlobalError } from './errors.js';
import { makeNumpyDtype } from './numpy-dtype.js';
import {
  makeNumpyArray,
  makeNumpyArrayOrRecord,
  makeNumpyArrayOver,
  makeNumpyArrayOverOrRecord,
  makeNumpyScalar,
  makeNumpyScalarOrRecord,
  rebuildFromNumpy,
} from './numpy-values.js';
import * as python from './python-calls.js';
import { DefaultDict } from './python-values.js';
import { type QScheme, qschemes } from './qscheme.js';
import { rebuildParameter, rebuildTensorV2, rebuildTensorV3 } from './rebuild.js';
import * as kinds from './rebuild-kinds.js';
import { rebuildNested } from './rebuild-nested.js';
import { rebuildQuantized } from './rebuild-quantized.js';
import { STORAGE_DTYPES, StorageType } from './storage-types.js';
import { UnknownGlobal } from './unknown.js';

/** What a class or function of Python makes of its arguments. Throws TypeError on arguments it is not called with. */
export type AllowedFunction = (...args: unknown[]) => unknown;

/** A class of Python that files name and never call. */
export class ClassName {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

export type Global = AllowedFunction | StorageType | DType | QScheme | ClassName | UnknownGlobal;

/** Finds what a name in a file stands for. */
export type FindGlobal = (module: string, name: string) => Global;

/** Every global that a checkpoint may name. There is no other way from a name in a file to something that runs. */
const ALLOWED: ReadonlyMap<string, Global> = new Map<string, Global>([
  ['torch._utils._rebuild_tensor', kinds.rebuildTensor],
  ['torch._utils._rebuild_tensor_v2', rebuildTensorV2],
  ['torch._utils._rebuild_tensor_v3', rebuildTensorV3],
  ['torch._utils._rebuild_parameter', rebuildParameter],
  ['torch._utils._rebuild_parameter_with_state', kinds.rebuildParameterWithState],
  ['torch._utils._rebuild_qtensor', rebuildQuantized],
  ['torch._utils._rebuild_meta_tensor_no_storage', kinds.rebuildMeta],
  ['torch._utils._rebuild_sparse_tensor', kinds.rebuildSparse],
  ['torch._utils._rebuild_nested_tensor', rebuildNested],
  ['torch._utils._rebuild_device_tensor_from_cpu_tensor', kinds.rebuildFromCpu],
  ['torch._utils._rebuild_device_tensor_from_numpy', rebuildFromNumpy],
  ['torch._utils._rebuild_xla_tensor', rebuildFromNumpy],
  ['torch._tensor._rebuild_from_type_v2', kinds.rebuildFromType],
  ['torch.serialization._get_layout', kinds.getLayout],
  ['torch.Tensor', tensorClass(float32)],
  ['torch.nn.parameter.Parameter', makeParameter],
  ['torch.Size', python.makeSize],
  ['torch.device', python.makeDevice],
  ...dtypes.map((dtype): [string, DType] => [`torch.${dtype.name}`, dtype]),
  ...qschemes.map((scheme): [string, QScheme] => [scheme.toString(), scheme]),
  // Before PyTorch 2.0 it had other names.
  ...['torch.storage.UntypedStorage', 'torch.UntypedStorage', 'torch._UntypedStorage'].map(
    (name): [string, StorageType] => [name, new StorageType(null)],
  ),
  ...[...STORAGE_DTYPES].flatMap(([name, dtype]) => [
    ...bothDevices(name, new StorageType(dtype)),
    ...bothDevices(name.replace('Storage', 'Tensor'), tensorClass(dtype)),
  ]),
  // torch::pickle_save of C++ wraps containers to keep the types of TorchScript.
  ...['restore_type_tag', 'build_intlist', 'build_doublelist', 'build_boollist', 'build_tensorlist'].map(
    (name): [string, Global] => [`torch.jit._pickle.${name}`, (container) => container],
  ),
  ['_codecs.encode', python.encodeLatin1],
  ['builtins.bytes', python.makeBytes],
  ['builtins.bytearray', python.makeByteArray],
  ['builtins.complex', python.makeComplex],
  ['builtins.set', python.makeSet],
  ['builtins.frozenset', python.makeFrozenSet],
  ['builtins.slice', python.makeSlice],
  ['builtins.range', python.makeRange],
  ['builtins.xrange', python.makeRange],
  ...['list', 'dict', 'tuple', 'int', 'float', 'str', 'bool', 'object'].map((name): [string, ClassName] => [
    `builtins.${name}`,
    new ClassName(`builtins.${name}`),
  ]),
  ['collections.OrderedDict', python.makeOrderedDict],
  ['collections.Counter', python.makeCounter],
  ['collections.defaultdict', makeDefaultDict],
  ['numpy.dtype', makeNumpyDtype],
  ['numpy.ndarray', new ClassName('numpy.ndarray')],
  ['numpy._core.multiarray.scalar', makeNumpyScalar],
  ['numpy._core.multiarray._reconstruct', makeNumpyArray],
  ['numpy._core.numeric._frombuffer', makeNumpyArrayOver],
]);

// Protocol 2 uses the names of Python 2; NumPy 2 and PyTorch have moved modules.
const MODULES: ReadonlyMap<string, string> = new Map([
  ['__builtin__', 'builtins'],
  ['torch.tensor', 'torch._tensor'],
  ['numpy.core.multiarray', 'numpy._core.multiarray'],
  ['numpy.core.numeric', 'numpy._core.numeric'],
]);

/** @throws ForbiddenGlobalError for a name that is not on the list */
export function findGlobal(module: string, name: string): Global {
  const found = ALLOWED.get(`${MODULES.get(module) ?? module}.${name}`);
  if (found === undefined) throw new ForbiddenGlobalError(`${module}.${name}`);
  return found;
}

/** Those that make records too. */
const KEPT: ReadonlyMap<string, Global> = new Map<string, Global>([
  ['numpy._core.multiarray.scalar', makeNumpyScalarOrRecord],
  ['numpy._core.multiarray._reconstruct', makeNumpyArrayOrRecord],
  ['numpy._core.numeric._frombuffer', makeNumpyArrayOverOrRecord],
]);

/** The same, with a record for a name that is not on the list, and for NumPy's arrays that are no tensor. */
export function findOrKeepGlobal(module: string, name: string): Global {
  const known = `${MODULES.get(module) ?? module}.${name}`;
  return KEPT.get(known) ?? ALLOWED.get(known) ?? new UnknownGlobal(`${module}.${name}`);
}

/** Storage classes alone are what they are: for looking a pickle over without making its objects. */
export function findStorageType(module: string, name: string): Global {
  const found = findOrKeepGlobal(module, name);
  return found instanceof StorageType ? found : new UnknownGlobal(`${module}.${name}`);
}

function bothDevices(name: string, found: Global): [string, Global][] {
  return ['torch', 'torch.cuda'].map((module) => [`${module}.${name}`, found]);
}

// Its numbers come by BUILD: a call with a size would give memory as it was left.
function tensorClass(dtype: DType): AllowedFunction {
  return (...args) => {
    if (args.length > 0) throw new TypeError('a class of tensors is called with arguments');
    return kinds.awaitTensor(aten.empty([0], { dtype }));
  };
}

function makeParameter(...args: unknown[]): Parameter {
  return args.length > 0 ? rebuildParameter(...args) : kinds.awaitTensor(new Parameter(aten.empty([0])));
}

function makeDefaultDict(factory: unknown = null): DefaultDict {
  const dict = new DefaultDict();
  dict.defaultFactory = factory === null ? null : nameOf(factory);
  return dict;
}

function nameOf(found: unknown): string {
  if (found instanceof UnknownGlobal) return found.name;
  const entry = [...ALLOWED].find(([, value]) => value === found);
  if (entry === undefined) throw new TypeError('defaultdict takes a class');
  return entry[0];
}
