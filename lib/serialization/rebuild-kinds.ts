import { DType } from '../dtype.js';
import { Layout, sparseBsc, sparseBsr, sparseCoo, sparseCsc, sparseCsr, strided } from '../layout.js';
import { Parameter } from '../nn/parameter.js';
import { aten } from '../operators/ops.js';
import { typeText } from '../python-text.js';
import { storageNbytes } from '../storage.js';
import { isTensor, type Tensor } from '../tensor.js';
import { Tuple } from '../tuple.js';
import { setAttributes } from './attributes.js';
import { BadTensorError } from './errors.js';
import { isCounts, rebuildTensorV2 } from './rebuild.js';
import { awaitState } from './unbuilt.js';

// The functions of torch/_utils.py for tensors that are not dense memory alone.

const LAYOUTS = [strided, sparseCoo, sparseCsr, sparseCsc, sparseBsr, sparseBsc];

/** `torch.serialization._get_layout('torch.sparse_coo')`. */
export function getLayout(name: unknown): Layout {
  const layout = LAYOUTS.find((candidate) => candidate.toString() === name);
  if (layout === undefined)
    throw new BadTensorError(`there is no layout ${typeof name === 'string' ? `"${name}"` : typeText(name)}`);
  return layout;
}

/** storage, offset, size, stride: files of PyTorch 0.1 to 0.3. */
export function rebuildTensor(...[storage, offset, size, stride]: unknown[]): Tensor {
  return rebuildTensorV2(storage, offset, size, stride, false, null);
}

/** dtype, size, stride, requires_grad. */
export function rebuildMeta(...[dtype, size, stride, requiresGrad]: unknown[]): Tensor {
  const isProper =
    dtype instanceof DType && isCounts(size) && isCounts(stride) && size.length === stride.length;
  if (!isProper) throw new BadTensorError('a meta tensor has no proper dtype, size or stride');
  return aten
    .emptyStrided([...size], [...stride], { dtype, device: 'meta' })
    .requiresGrad_(requiresGrad === true);
}

/** data, requires_grad, hooks, attributes. */
export function rebuildParameterWithState(...[data, requiresGrad, , state]: unknown[]): Parameter {
  if (!isTensor(data)) throw new BadTensorError('a Parameter is not a tensor');
  const parameter = new Parameter(data, requiresGrad === true);
  setAttributes(parameter, state);
  return parameter;
}

/** function, class, arguments, attributes: a tensor with attributes of its own, such as an nn.Buffer. */
export function rebuildFromType(...[rebuild, , args, state]: unknown[]): Tensor {
  const isCall =
    typeof rebuild === 'function' &&
    rebuild !== rebuildFromType &&
    args instanceof Tuple &&
    args.length <= 10;
  const tensor: unknown = isCall ? rebuild(...args) : null;
  if (!isTensor(tensor)) throw new BadTensorError('a tensor with attributes is not a tensor');
  setAttributes(tensor, state);
  return tensor;
}

/** An old tensor or Parameter: made empty, then BUILD brings its parts. */
export function awaitTensor<T extends Tensor>(tensor: T): T {
  return awaitState(tensor, (state) => {
    if (!(state instanceof Tuple)) throw new BadTensorError('a tensor has no state');
    // (storage, offset, size, stride), of a Variable (data, grad, hooks, requires_grad, volatile).
    const [first, second, third, fourth] = state;
    const data = isTensor(first) ? first : rebuildTensor(first, second, third, fourth);
    tensor.setData(data);
    if (isTensor(first)) tensor.requiresGrad = fourth === true;
    return tensor;
  });
}

/** data, dtype, device, requires_grad. */
export function rebuildFromCpu(...[data, dtype, , requiresGrad]: unknown[]): Tensor {
  if (!isTensor(data) || data.dtype !== dtype)
    throw new BadTensorError('a tensor was saved with another dtype');
  return data.requiresGrad_(requiresGrad === true);
}

/** layout, (indices, values, size[, is_coalesced]) or (compressed, plain, values, size); the indices are checked. */
export function rebuildSparse(...[layout, data]: unknown[]): Tensor {
  if (!(layout instanceof Layout) || !(data instanceof Tuple))
    throw new BadTensorError('a sparse tensor has no data');
  return layout === sparseCoo ? rebuildCoo(data) : rebuildCompressed(layout, data);
}

function rebuildCoo([indices, values, size, isCoalesced = false]: Tuple): Tensor {
  if (!isOwned(indices) || !isOwned(values) || !isCounts(size))
    throw new BadTensorError('a sparse tensor is incomplete');
  const coalesced = isCoalesced === true;
  checked(() => aten._validateSparseCooTensorArgs(indices, values, [...size], coalesced));
  return aten._sparseCooTensorUnsafe(indices, values, [...size], { isCoalesced: coalesced });
}

function rebuildCompressed(layout: Layout, [compressed, plain, values, size]: Tuple): Tensor {
  if (!isOwned(compressed) || !isOwned(plain) || !isOwned(values) || !isCounts(size)) {
    throw new BadTensorError('a sparse tensor is incomplete');
  }
  checked(() => aten._validateSparseCompressedTensorArgs(compressed, plain, values, [...size], layout));
  return aten._sparseCompressedTensorUnsafe(compressed, plain, values, [...size], {
    dtype: values.dtype,
    layout,
  });
}

function checked(check: () => void): void {
  try {
    check();
  } catch (cause) {
    throw new BadTensorError(`a sparse tensor contradicts itself: ${(cause as Error).message}`);
  }
}

// Checking indices touches every one: a view that repeats a few bytes without end must not get there.
function isOwned(value: unknown): value is Tensor {
  return isTensor(value) && value.nbytes <= storageNbytes(value);
}
