// Convolutions that take the number of input channels from their first input.

import { TorchError, ValueError } from '../errors.js';
import { requireOptions } from '../options.js';
import { sizeText } from '../python-text.js';
import type { Tensor } from '../tensor.js';
import { Conv1d, Conv2d, Conv3d, type ConvBase, type ConvOptions } from './conv.js';
import {
  ConvTranspose1d,
  ConvTranspose2d,
  ConvTranspose3d,
  type ConvTransposeOptions,
} from './conv-transpose.js';
import { type Laziness, makeLazy, setField } from './lazy.js';
import type { Sizes } from './ntuple.js';
import { isUninitialized, UninitializedParameter } from './uninitialized.js';

function inChannels(module: ConvBase, input: Tensor): number {
  const unbatched = module.kernelSize.length + 1;
  const { shape } = input;
  if (shape.length === unbatched + 1) return shape[1] as number;
  if (shape.length === unbatched) return shape[0] as number;
  throw new TorchError(
    `Expected ${unbatched}D (unbatched) or ${unbatched + 1}D (batched) input to ${module.constructor.name}, ` +
      `but got input of size: ${sizeText(shape)}`,
  );
}

const laziness: Laziness<ConvBase> = {
  size: 'inChannels',
  infer(module, input) {
    if (!isUninitialized(module.weight)) return;
    const channels = inChannels(module, input);
    if (channels % module.groups !== 0) throw new ValueError('in_channels must be divisible by groups');
    setField(module, 'inChannels', channels);
    module.weight.materialize(module.weightShape());
    if (isUninitialized(module.bias)) module.bias.materialize([module.outChannels]);
  },
};

/** What the base's constructor made without knowing the channels is replaced. */
function defer(module: ConvBase, outChannels: number, { bias = true, device, dtype }: ConvOptions): void {
  setField(module, 'outChannels', outChannels);
  setField(module, 'weight', new UninitializedParameter({ device, dtype }));
  if (bias) setField(module, 'bias', new UninitializedParameter({ device, dtype }));
}

/** Conv1d without inChannels. */
export class LazyConv1d extends Conv1d {
  static {
    makeLazy<ConvBase>(LazyConv1d, Conv1d, laziness);
  }

  constructor(outChannels: number, kernelSize: Sizes, options: ConvOptions = {}) {
    requireOptions(new.target, options);
    super(0, 0, kernelSize, { ...options, bias: false });
    defer(this, outChannels, options);
  }
}

/** Conv2d without inChannels. */
export class LazyConv2d extends Conv2d {
  static {
    makeLazy<ConvBase>(LazyConv2d, Conv2d, laziness);
  }

  constructor(outChannels: number, kernelSize: Sizes, options: ConvOptions = {}) {
    requireOptions(new.target, options);
    super(0, 0, kernelSize, { ...options, bias: false });
    defer(this, outChannels, options);
  }
}

/** Conv3d without inChannels. */
export class LazyConv3d extends Conv3d {
  static {
    makeLazy<ConvBase>(LazyConv3d, Conv3d, laziness);
  }

  constructor(outChannels: number, kernelSize: Sizes, options: ConvOptions = {}) {
    requireOptions(new.target, options);
    super(0, 0, kernelSize, { ...options, bias: false });
    defer(this, outChannels, options);
  }
}

/** ConvTranspose1d without inChannels. */
export class LazyConvTranspose1d extends ConvTranspose1d {
  static {
    makeLazy<ConvBase>(LazyConvTranspose1d, ConvTranspose1d, laziness);
  }

  constructor(outChannels: number, kernelSize: Sizes, options: ConvTransposeOptions = {}) {
    requireOptions(new.target, options);
    super(0, 0, kernelSize, { ...options, bias: false });
    defer(this, outChannels, options);
  }
}

/** ConvTranspose2d without inChannels. */
export class LazyConvTranspose2d extends ConvTranspose2d {
  static {
    makeLazy<ConvBase>(LazyConvTranspose2d, ConvTranspose2d, laziness);
  }

  constructor(outChannels: number, kernelSize: Sizes, options: ConvTransposeOptions = {}) {
    requireOptions(new.target, options);
    super(0, 0, kernelSize, { ...options, bias: false });
    defer(this, outChannels, options);
  }
}

/** ConvTranspose3d without inChannels. */
export class LazyConvTranspose3d extends ConvTranspose3d {
  static {
    makeLazy<ConvBase>(LazyConvTranspose3d, ConvTranspose3d, laziness);
  }

  constructor(outChannels: number, kernelSize: Sizes, options: ConvTransposeOptions = {}) {
    requireOptions(new.target, options);
    super(0, 0, kernelSize, { ...options, bias: false });
    defer(this, outChannels, options);
  }
}
