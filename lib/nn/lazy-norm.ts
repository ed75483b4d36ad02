// Normalisations that take the number of channels from their first input.

import { int64 } from '../dtype.js';
import { aten } from '../operators/ops.js';
import { requireOptions } from '../options.js';
import { BatchNorm1d, BatchNorm2d, BatchNorm3d, type BatchNormOptions, type NormBase } from './batchnorm.js';
import { InstanceNorm1d, InstanceNorm2d, InstanceNorm3d, type InstanceNormOptions } from './instancenorm.js';
import { type Laziness, makeLazy, setField } from './lazy.js';
import { isUninitialized, UninitializedBuffer, UninitializedParameter } from './uninitialized.js';

const laziness: Laziness<NormBase> = {
  size: 'numFeatures',
  infer(module, input) {
    const channels = input.shape[1] as number;
    const { weight, bias, runningMean, runningVar } = module;
    const own = [weight, bias, runningMean, runningVar].filter(isUninitialized);
    if (own.length > 0) setField(module, 'numFeatures', channels);
    for (const tensor of own) tensor.materialize([channels]);
  },
};

/** The base's constructor was told to make nothing; the fields are filled here. */
function defer(module: NormBase, affine: boolean, tracking: boolean, options: BatchNormOptions): void {
  const { device, dtype, bias = true } = options;
  setField(module, 'affine', affine);
  setField(module, 'trackRunningStats', tracking);
  if (affine) setField(module, 'weight', new UninitializedParameter({ device, dtype }));
  if (affine && bias) setField(module, 'bias', new UninitializedParameter({ device, dtype }));
  if (!tracking) return;
  module.registerBuffer('runningMean', new UninitializedBuffer({ device, dtype }));
  module.registerBuffer('runningVar', new UninitializedBuffer({ device, dtype }));
  module.registerBuffer('numBatchesTracked', aten.zeros([], { dtype: int64, device }));
}

const nothing = { affine: false, trackRunningStats: false };

/** BatchNorm1d without numFeatures. */
export class LazyBatchNorm1d extends BatchNorm1d {
  static {
    makeLazy<NormBase>(LazyBatchNorm1d, BatchNorm1d, laziness);
  }

  constructor(options: BatchNormOptions = {}) {
    requireOptions(new.target, options);
    super(0, { ...options, ...nothing });
    defer(this, options.affine ?? true, options.trackRunningStats ?? true, options);
  }
}

/** BatchNorm2d without numFeatures. */
export class LazyBatchNorm2d extends BatchNorm2d {
  static {
    makeLazy<NormBase>(LazyBatchNorm2d, BatchNorm2d, laziness);
  }

  constructor(options: BatchNormOptions = {}) {
    requireOptions(new.target, options);
    super(0, { ...options, ...nothing });
    defer(this, options.affine ?? true, options.trackRunningStats ?? true, options);
  }
}

/** BatchNorm3d without numFeatures. */
export class LazyBatchNorm3d extends BatchNorm3d {
  static {
    makeLazy<NormBase>(LazyBatchNorm3d, BatchNorm3d, laziness);
  }

  constructor(options: BatchNormOptions = {}) {
    requireOptions(new.target, options);
    super(0, { ...options, ...nothing });
    defer(this, options.affine ?? true, options.trackRunningStats ?? true, options);
  }
}

/** InstanceNorm1d without numFeatures. */
export class LazyInstanceNorm1d extends InstanceNorm1d {
  static {
    makeLazy<NormBase>(LazyInstanceNorm1d, InstanceNorm1d, laziness);
  }

  constructor(options: InstanceNormOptions = {}) {
    requireOptions(new.target, options);
    super(0, { ...options, ...nothing });
    defer(this, options.affine ?? true, options.trackRunningStats ?? true, options);
  }
}

/** InstanceNorm2d without numFeatures. */
export class LazyInstanceNorm2d extends InstanceNorm2d {
  static {
    makeLazy<NormBase>(LazyInstanceNorm2d, InstanceNorm2d, laziness);
  }

  constructor(options: InstanceNormOptions = {}) {
    requireOptions(new.target, options);
    super(0, { ...options, ...nothing });
    defer(this, options.affine ?? true, options.trackRunningStats ?? true, options);
  }
}

/** InstanceNorm3d without numFeatures. */
export class LazyInstanceNorm3d extends InstanceNorm3d {
  static {
    makeLazy<NormBase>(LazyInstanceNorm3d, InstanceNorm3d, laziness);
  }

  constructor(options: InstanceNormOptions = {}) {
    requireOptions(new.target, options);
    super(0, { ...options, ...nothing });
    defer(this, options.affine ?? true, options.trackRunningStats ?? true, options);
  }
}
