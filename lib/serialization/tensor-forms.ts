import { TorchError } from '../errors.js';
import { sparseBsc, sparseBsr, sparseCoo, sparseCsc, sparseCsr, strided } from '../layout.js';
import { OrderedDict } from '../ordered-dict.js';
import { TorchFloat } from '../scalar.js';
import type { Tensor } from '../tensor.js';
import { Tuple } from '../tuple.js';
import { UnsupportedCheckpointError } from './errors.js';
import { PythonCall, PythonGlobal } from './python-object.js';
import { Size } from './python-values.js';
import { qschemes } from './qscheme.js';

const META = new PythonGlobal('torch._utils', '_rebuild_meta_tensor_no_storage');
const SPARSE = new PythonGlobal('torch._utils', '_rebuild_sparse_tensor');
const NESTED = new PythonGlobal('torch._utils', '_rebuild_nested_tensor');
const QUANTIZED = new PythonGlobal('torch._utils', '_rebuild_qtensor');

/** The Python form of a tensor that is not dense memory alone, made of dense ones; null for one that is. */
export function tensorForm(tensor: Tensor, storageOf: (tensor: Tensor) => object): PythonCall | null {
  if (tensor.isNested) return nested(tensor);
  if (tensor.layout !== strided)
    return new PythonCall(SPARSE, Tuple.of<unknown>(tensor.layout, partsOf(tensor)));
  if (tensor.device.type === 'meta') {
    const args = Tuple.of<unknown>(
      tensor.dtype,
      Tuple.from(tensor.shape),
      Tuple.from(tensor.stride()),
      tensor.requiresGrad,
    );
    return new PythonCall(META, args);
  }
  return tensor.dtype.kind === 'quantized' ? quantized(tensor, storageOf(tensor)) : null;
}

function nested(tensor: Tensor): PythonCall {
  const args = Tuple.of(
    tensor.values(),
    tensor._nestedTensorSize(),
    tensor._nestedTensorStrides(),
    tensor._nestedTensorStorageOffsets(),
  );
  return new PythonCall(NESTED, args);
}

function partsOf(tensor: Tensor): Tuple {
  const size = Size.from(tensor.shape);
  const { layout } = tensor;
  if (layout === sparseCoo)
    return Tuple.of<unknown>(tensor._indices(), tensor._values(), size, tensor.isCoalesced());
  if (layout === sparseCsr || layout === sparseBsr) {
    return Tuple.of<unknown>(tensor.crowIndices(), tensor.colIndices(), tensor.values(), size);
  }
  if (layout === sparseCsc || layout === sparseBsc) {
    return Tuple.of<unknown>(tensor.ccolIndices(), tensor.rowIndices(), tensor.values(), size);
  }
  throw new UnsupportedCheckpointError(`cannot save a tensor of layout ${layout}`);
}

function quantized(tensor: Tensor, storage: object): PythonCall {
  const args = Tuple.of<unknown>(
    storage,
    tensor.storageOffset(),
    Tuple.from(tensor.shape),
    Tuple.from(tensor.stride()),
    quantizerOf(tensor),
    tensor.requiresGrad,
    new OrderedDict(),
  );
  return new PythonCall(QUANTIZED, args);
}

function quantizerOf(tensor: Tensor): Tuple {
  const scheme = qschemes[tensor.qscheme()];
  if (scheme?.name === 'per_tensor_affine') {
    return Tuple.of<unknown>(scheme, new TorchFloat(tensor.qScale()), tensor.qZeroPoint());
  }
  if (scheme?.name.startsWith('per_channel_affine')) {
    const [scales, zeroPoints] = [tensor.qPerChannelScales(), tensor.qPerChannelZeroPoints()];
    return Tuple.of<unknown>(scheme, scales, zeroPoints, tensor.qPerChannelAxis());
  }
  throw new TorchError(`Serialization is not supported for tensors of type ${scheme}`);
}
