// The arguments of Module.to, PyTorch's `_parse_to`.

import type { DeviceLike } from '../device.js';
import { DType } from '../dtype.js';
import type { MemoryFormat } from '../memory-format.js';
import { type Names, requireNames } from '../options.js';
import { isTensor, type Tensor } from '../tensor.js';

export interface ModuleTo {
  device?: DeviceLike | null;
  /** Floating point or complex; integral parameters and buffers keep their dtype. */
  dtype?: DType | null;
  nonBlocking?: boolean;
  /** For 4-D and 5-D parameters and buffers only. */
  memoryFormat?: MemoryFormat | null;
}

const toNames: Names<ModuleTo> = { device: true, dtype: true, nonBlocking: true, memoryFormat: true };

/** A device, a dtype, a tensor that has both, or all by name. */
export type ModuleToTarget = DeviceLike | DType | Tensor | ModuleTo;

function parseTarget(target: ModuleToTarget): ModuleTo {
  if (isTensor(target)) return { device: target.device, dtype: target.dtype };
  if (target instanceof DType) return { dtype: target };
  if (typeof target === 'string' || 'type' in target) return { device: target as DeviceLike };
  return target as ModuleTo;
}

/** Returns what converts one tensor. Throws TypeError for an integral dtype. */
export function converter(target: ModuleToTarget, more: ModuleTo | DType): (tensor: Tensor) => Tensor {
  const options = more instanceof DType ? { dtype: more } : more;
  const named = { ...parseTarget(target), ...options };
  requireNames({ name: 'to' }, named, toNames);
  const { device, dtype, nonBlocking = false, memoryFormat } = named;
  if (dtype && !dtype.isFloatingPoint && !dtype.isComplex) {
    throw new TypeError(
      `nn.Module.to only accepts floating point or complex dtypes, but got desired dtype=torch.${dtype.name}`,
    );
  }
  return (tensor) => {
    const castable = tensor.dtype.isFloatingPoint || tensor.dtype.isComplex;
    const shaped = tensor.dim() === 4 || tensor.dim() === 5;
    return tensor.to({
      dtype: castable ? dtype : null,
      device,
      nonBlocking,
      memoryFormat: shaped ? memoryFormat : null,
    });
  };
}
