// Tensors whose shape the first forward decides (PyTorch's UninitializedParameter and UninitializedBuffer).

import { detached } from '../detached.js';
import type { DeviceLike } from '../device.js';
import type { DType } from '../dtype.js';
import { TorchError } from '../errors.js';
import { aten } from '../operators/ops.js';
import { type Names, requireNames } from '../options.js';
import { Tensor } from '../tensor.js';
import type { FactoryOptions } from './factory-options.js';
import { Parameter } from './parameter.js';

function refuseShape(): never {
  throw new TorchError(
    "Can't access the shape of an uninitialized parameter or buffer. This error usually happens in " +
      '`load_state_dict` when trying to load an uninitialized parameter into an initialized one. Call `forward` to ' +
      'initialize the parameters before accessing their attributes.',
  );
}

interface Placement {
  device?: DeviceLike | null;
  dtype?: DType | null;
}

const placementNames: Names<Placement> = { device: true, dtype: true };

/** Gives the tensor its memory, whose values are undefined, and makes it an ordinary one. */
function materialize(
  tensor: Tensor,
  kind: object,
  shape: readonly number[],
  { device, dtype }: Placement,
): void {
  const { device: ownDevice, dtype: ownDtype } = tensor;
  tensor.setData(aten.empty(shape, { device: device ?? ownDevice, dtype: dtype ?? ownDtype }));
  Object.setPrototypeOf(tensor, kind);
}

export class UninitializedParameter extends Parameter {
  constructor(options: FactoryOptions & { requiresGrad?: boolean } = {}) {
    requireNames(new.target, options, { ...placementNames, requiresGrad: true });
    const { device, dtype, requiresGrad = true } = options;
    super(aten.empty([0], { device, dtype }), requiresGrad);
  }

  override get shape(): number[] {
    return refuseShape();
  }

  materialize(shape: readonly number[], placement: Placement = {}): void {
    requireNames(this.materialize, placement, placementNames);
    materialize(this, Parameter.prototype, shape, placement);
  }

  override toString(): string {
    return '<UninitializedParameter>';
  }
}

export class UninitializedBuffer extends Tensor {
  constructor(options: FactoryOptions = {}) {
    requireNames(new.target, options, placementNames);
    const { device, dtype } = options;
    super(...detached(aten.empty([0], { device, dtype }), false));
  }

  override get shape(): number[] {
    return refuseShape();
  }

  materialize(shape: readonly number[], placement: Placement = {}): void {
    requireNames(this.materialize, placement, placementNames);
    materialize(this, Tensor.prototype, shape, placement);
  }

  override toString(): string {
    return '<UninitializedBuffer>';
  }
}

export function isUninitialized(value: unknown): value is UninitializedParameter | UninitializedBuffer {
  return value instanceof UninitializedParameter || value instanceof UninitializedBuffer;
}

export { isUninitialized as isLazy };
