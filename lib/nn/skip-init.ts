import type { DeviceLike } from '../device.js';
import { TorchError } from '../errors.js';
import { isOptions } from '../operators/arguments.js';
import type { Module } from './module.js';

/** An instance of the class whose parameters have memory but no values: `skipInit(nn.Linear, 5, 1, { bias: false })`. */
export function skipInit<Args extends unknown[], M extends Module>(
  moduleClass: new (...args: Args) => M,
  ...args: Args
): M {
  const last = args.at(-1);
  const hasOptions = isOptions(last);
  const { device = 'cpu', ...options } = (hasOptions ? last : {}) as { device?: DeviceLike | null };
  const given = [...(hasOptions ? args.slice(0, -1) : args), { ...options, device: 'meta' }];
  const module = new moduleClass(...(given as unknown as Args));
  const tensors = [...module.parameters(), ...module.buffers()];
  if (tensors.some((tensor) => tensor.device.type !== 'meta')) {
    throw new TorchError("Module must support a 'device' arg to skip initialization");
  }
  return module.toEmpty({ device: device ?? 'cpu' });
}
