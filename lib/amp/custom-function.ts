// torch.amp.custom_fwd and custom_bwd: an autograd.Function under autocast.

import type { FunctionContext } from '../autograd/custom-function.js';
import { type DType, float64 } from '../dtype.js';
import { TorchError, ValueError } from '../errors.js';
import { requireNames } from '../options.js';
import { typeText } from '../python-text.js';
import { isTensor } from '../tensor.js';
import { autocast, getAutocastDtype, isAutocastEnabled } from './autocast.js';

interface Autocast {
  enabled: boolean;
  dtype: DType;
}

/** The autocast that the forward of a call ran under: its backward gets the same. */
const ofForward = new WeakMap<FunctionContext, Autocast>();

function requireDeviceType(deviceType: unknown): void {
  if (typeof deviceType === 'string') return;
  throw new ValueError(`Expected \`device_type\` of type \`str\`, got: \`${typeText(deviceType)}\``);
}

function cast(value: unknown, deviceType: string, dtype: DType): unknown {
  const inner = (item: unknown) => cast(item, deviceType, dtype);
  if (isTensor(value)) {
    const eligible = value.isFloatingPoint() && value.device.type === deviceType && value.dtype !== float64;
    return eligible ? value.to(dtype) : value;
  }
  if (Array.isArray(value)) return value.map(inner);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [inner(key), inner(item)]));
  if (typeof value !== 'object' || value === null) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inner(item)]));
}

export interface CustomFwdOptions {
  deviceType: string;
  /** Under autocast, floating-point tensors of the device are cast to it (but float64), and autocast is off inside. */
  castInputs?: DType | null;
}

/**
 * A static `forward` that remembers the autocast it ran under, for customBwd:
 * `static forward = customFwd((context, x) => ..., { deviceType: 'cuda' })`.
 */
export function customFwd<C extends FunctionContext, Args extends unknown[], Result>(
  fwd: (context: C, ...args: Args) => Result,
  options: CustomFwdOptions,
): (context: C, ...args: Args) => Result {
  requireNames(customFwd, options, { deviceType: true, castInputs: true });
  const { deviceType, castInputs } = options;
  requireDeviceType(deviceType);
  return (context, ...args) => {
    const enabled = isAutocastEnabled(deviceType);
    const casts = castInputs !== null && castInputs !== undefined;
    ofForward.set(context, { enabled: enabled && !casts, dtype: getAutocastDtype(deviceType) });
    if (!enabled || !casts) return fwd(context, ...args);
    const given = args.map((arg) => cast(arg, deviceType, castInputs)) as Args;
    return autocast(deviceType, { enabled: false }, () => fwd(context, ...given));
  };
}

/** A static `backward` under the autocast that customFwd saw. Throws TorchError where forward is not wrapped in it. */
export function customBwd<C extends FunctionContext, Args extends unknown[], Result>(
  bwd: (context: C, ...gradients: Args) => Result,
  options: { deviceType: string },
): (context: C, ...gradients: Args) => Result {
  requireNames(customBwd, options, { deviceType: true });
  const { deviceType } = options;
  requireDeviceType(deviceType);
  return (context, ...gradients) => {
    const state = ofForward.get(context);
    if (!state) throw new TorchError('customBwd needs a forward that is wrapped in customFwd');
    return autocast(deviceType, state, () => bwd(context, ...gradients));
  };
}
