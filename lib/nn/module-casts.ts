// Module's casts and moves by name: `model.half()`, `model.cuda()`.

import type { DeviceLike } from '../device.js';
import { bfloat16, type DType, float16, float32, float64 } from '../dtype.js';
import { Module } from './module.js';

interface ModuleCasts {
  /** Floating-point parameters and buffers in place to float32. */
  float(): this;
  double(): this;
  half(): this;
  bfloat16(): this;
  /** PyTorch's other name of the cast `to`. */
  type(dtype: DType): this;
  cpu(): this;
  cuda(device?: DeviceLike | number): this;
}

declare module './module.js' {
  interface Module extends ModuleCasts {}
}

const to = (dtype: DType) =>
  function (this: Module): Module {
    return this.to(dtype);
  };

const casts = {
  float: to(float32),
  double: to(float64),
  half: to(float16),
  bfloat16: to(bfloat16),
  type(this: Module, dtype: DType): Module {
    return this.to(dtype);
  },
  cpu(this: Module): Module {
    return this.to('cpu');
  },
  cuda(this: Module, device: DeviceLike | number = 'cuda'): Module {
    return this.to(typeof device === 'number' ? `cuda:${device}` : device);
  },
};

for (const [name, value] of Object.entries(casts)) {
  Object.defineProperty(Module.prototype, name, { value, configurable: true, writable: true });
}
