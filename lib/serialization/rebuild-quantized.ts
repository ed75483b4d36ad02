import { tensor as makeTensor } from '../creation.js';
import { float32, float64, int64 } from '../dtype.js';
import { aten } from '../operators/ops.js';
import { typeText } from '../python-text.js';
import { isTensor, type Tensor } from '../tensor.js';
import { Tuple } from '../tuple.js';
import { BadTensorError } from './errors.js';
import { QScheme } from './qscheme.js';
import { checkPlace, type Place } from './rebuild.js';
import { Storage } from './storage.js';

/** storage, offset, size, stride, (scheme, parameters...), requires_grad, hooks. */
export function rebuildQuantized(...args: unknown[]): Tensor {
  const [storage, offset, size, stride, quantizer, requiresGrad] = args;
  const dtype = storage instanceof Storage ? storage.dtype : null;
  if (dtype?.kind !== 'quantized') throw new BadTensorError('a quantized tensor has no storage of integers');
  const place = checkPlace(storage, dtype, offset, size, stride);
  const tensor = emptyLike(place, quantizer);
  // Its own storage goes; the quantizer stays.
  tensor.set_(place.storage.bytes, place.offset, place.size, place.stride);
  return requiresGrad === true ? tensor.requiresGrad_() : tensor;
}

function emptyLike({ size, dtype, storage }: Place, quantizer: unknown): Tensor {
  const { device } = storage.bytes;
  const [scheme, first, second, axis] = quantizer instanceof Tuple ? quantizer : [];
  const name = scheme instanceof QScheme ? scheme.name : undefined;
  // A size of nothing: what is wanted is the quantizer.
  if (name === 'per_tensor_affine') {
    if (typeof first !== 'number' || !Number.isSafeInteger(second)) {
      throw new BadTensorError('a quantized tensor has no proper scale or zero point');
    }
    return aten._emptyAffineQuantized([0], { scale: first, zeroPoint: second as number, dtype, device });
  }
  if (name !== 'per_channel_affine' && name !== 'per_channel_affine_float_qparams') {
    throw new BadTensorError(
      `a quantized tensor has no scheme that is known, but ${name ?? typeText(scheme)}`,
    );
  }
  const isFloat = name === 'per_channel_affine_float_qparams';
  const scales = parameters(first, isFloat ? float32 : float64);
  const zeroPoints = parameters(second, isFloat ? float32 : int64);
  const channels = Number.isSafeInteger(axis) ? size[axis as number] : undefined;
  if (channels === undefined || scales.numel() !== channels || zeroPoints.numel() !== channels) {
    throw new BadTensorError(
      `a quantized tensor of size [${size}] has axis ${typeof axis === 'number' ? axis : typeText(axis)}, ${scales.numel()} scales and ` +
        `${zeroPoints.numel()} zero points`,
    );
  }
  const empty = size.map((n, dim) => (dim === axis ? n : 0));
  return aten._emptyPerChannelAffineQuantized(empty, {
    scales,
    zeroPoints,
    axis: axis as number,
    dtype,
    device,
  });
}

function parameters(values: unknown, dtype: typeof float32): Tensor {
  if (isTensor(values)) return values;
  if (Array.isArray(values) && values.every((value) => typeof value === 'number')) {
    return makeTensor(values as number[], { dtype });
  }
  throw new BadTensorError('the parameters of a quantized tensor are not numbers');
}
