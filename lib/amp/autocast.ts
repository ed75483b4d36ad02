import * as cuda from '../cuda/index.js';
import { bfloat16, type DType, dtypeOf, float16 } from '../dtype.js';
import { DeviceError, TorchError, ValueError } from '../errors.js';
import { inMode, type Mode } from '../modes.js';
import { native } from '../native.js';
import { type Names, requireNames } from '../options.js';
import { typeText } from '../python-text.js';
import { warn } from '../warn.js';

export interface AutocastOptions {
  /** What matrix products and convolutions compute in: bfloat16 or float16; null: the device type's own. */
  dtype?: DType | null;
  /** False turns autocast off inside. */
  enabled?: boolean;
  /** Cast parameters are kept for the next use inside; null: as it is outside. */
  cacheEnabled?: boolean | null;
}

const autocastNames: Names<AutocastOptions> = { dtype: true, enabled: true, cacheEnabled: true };

/** True for a device type that autocast knows, whether or not such a device is here. */
export function isAutocastAvailable(deviceType: string): boolean {
  try {
    native.autocastState(deviceType);
    return true;
  } catch (error) {
    if (error instanceof DeviceError) throw error;
    return false;
  }
}

/** Why Python turns autocast off, with a warning, instead of entering it. */
function objection(deviceType: string, dtype: DType): string | undefined {
  if (deviceType === 'cuda') {
    return cuda.isAvailable()
      ? undefined
      : 'CUDA is not available or torch_xla is imported. Disabling autocast.';
  }
  if (dtype === bfloat16 || dtype === float16) return undefined;
  const name = deviceType.toUpperCase();
  return (
    `In ${name} autocast, but the target dtype is not supported. Disabling autocast.\n` +
    `${name} Autocast only supports dtypes of torch.bfloat16, torch.float16 currently.`
  );
}

function entering(
  deviceType: string,
  { dtype, enabled = true, cacheEnabled }: AutocastOptions,
): () => () => void {
  if (typeof deviceType !== 'string') {
    throw new ValueError(`Expected \`device_type\` of type \`str\`, got: \`${typeText(deviceType)}\``);
  }
  if (
    !['cpu', 'cuda', 'xpu', 'mps', 'hpu', 'mtia', 'maia', 'xla', 'ipu', 'privateuseone'].includes(deviceType)
  ) {
    throw new TorchError(`User specified an unsupported autocast device_type '${deviceType}'`);
  }
  const [, ownDtype, ownCache] = native.autocastState(deviceType);
  const chosen = dtype ?? dtypeOf(ownDtype);
  const reason = enabled ? objection(deviceType, chosen) : undefined;
  if (reason !== undefined) warn(reason);
  return () => {
    const before = native.autocastState(deviceType);
    native.enterAutocast(deviceType, enabled && reason === undefined, chosen.code, cacheEnabled ?? ownCache);
    return () => native.leaveAutocast(deviceType, ...before);
  };
}

/**
 * Operators inside compute in the dtype that libtorch's lists give them: matrix products and convolutions in the lower
 * one, losses and norms in float32 (torch.autocast). Synchronous; without a body, on until the answer is disposed.
 * Backward passes belong outside.
 */
export function autocast(deviceType: string, options?: AutocastOptions): Mode;
export function autocast<T>(deviceType: string, body: () => T): T;
export function autocast<T>(deviceType: string, options: AutocastOptions, body: () => T): T;
export function autocast<T>(
  deviceType: string,
  options: AutocastOptions | (() => T) = {},
  body?: () => T,
): T | Mode {
  if (typeof options === 'function') return autocast(deviceType, {}, options);
  requireNames(autocast, options, autocastNames);
  return inMode('autocast', entering(deviceType, options), body);
}

export function isAutocastEnabled(deviceType: string): boolean {
  return native.autocastState(deviceType)[0];
}

/** What autocast of this device type computes in unless it is told otherwise. */
export function getAutocastDtype(deviceType: string): DType {
  return dtypeOf(native.autocastState(deviceType)[1]);
}

export function isAutocastCacheEnabled(): boolean {
  return native.autocastState('cpu')[2];
}
