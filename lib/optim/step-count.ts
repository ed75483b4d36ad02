// The number of steps as a tensor: where it lives and which dtype it has is part of the files.

import { tensor } from '../creation.js';
import { type DType, float32, float64, getDefaultDtype } from '../dtype.js';
import { aten } from '../operators/ops.js';
import { isTensor, type Tensor } from '../tensor.js';

/** `_get_scalar_dtype`. */
export const scalarDtype = (): DType => (getDefaultDtype() === float64 ? float64 : float32);

/** A number in a state: on the CPU, of float32 unless the default dtype is float64. */
export function stateNumber(value: number): Tensor {
  return tensor(value, { dtype: scalarDtype() }).keep();
}

/** The step of a fused optimizer is float32 beside its parameter. */
export function fusedStep(value: number, param: Tensor): Tensor {
  return tensor(value, { dtype: float32, device: param.device }).keep();
}

/** PyTorch before 1.12 wrote numbers where tensors are expected now. */
export function asStateNumber(value: unknown): unknown {
  return isTensor(value) ? value : stateNumber(Number(value));
}

/** One step more for all; foreach on CPU tensors takes a tensor, as in Python. */
export function countSteps(steps: Tensor[]): void {
  if (steps[0]?.device.type === 'cpu') aten._foreachAdd_(steps, tensor(1), { alpha: 1 });
  else aten._foreachAdd_(steps, 1);
}
