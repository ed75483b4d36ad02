// torch.nn.utils.memory_format: the weights of convolutions alone, laid out anew.

import { scope } from '../memory.js';
import type { MemoryFormat } from '../memory-format.js';
import { Conv2d, Conv3d } from './conv.js';
import { ConvTranspose2d, ConvTranspose3d } from './conv-transpose.js';
import type { Module } from './module.js';

type Convolution = abstract new (...args: never[]) => Module & { weight: Conv2d['weight'] };

function convert<M extends Module>(module: M, format: MemoryFormat, kinds: readonly Convolution[]): M {
  for (const one of module.modules()) {
    const kind = kinds.find((convolution) => one instanceof convolution);
    if (!kind) continue;
    const { weight } = one as InstanceType<Convolution>;
    scope(() => {
      const data = weight.detach().clone({ memoryFormat: format });
      weight.setData(data.resize_(data.shape, { memoryFormat: format }));
    });
  }
  return module;
}

/** Lays out the weights of Conv2d and ConvTranspose2d, in place, also of the modules inside. */
export function convertConv2dWeightMemoryFormat<M extends Module>(module: M, memoryFormat: MemoryFormat): M {
  return convert(module, memoryFormat, [Conv2d, ConvTranspose2d]);
}

/** Lays out the weights of Conv3d and ConvTranspose3d, in place, also of the modules inside. */
export function convertConv3dWeightMemoryFormat<M extends Module>(module: M, memoryFormat: MemoryFormat): M {
  return convert(module, memoryFormat, [Conv3d, ConvTranspose3d]);
}
