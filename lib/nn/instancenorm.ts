import { ValueError } from '../errors.js';
import { scope } from '../memory.js';
import { requireOptions } from '../options.js';
import type { Tensor } from '../tensor.js';
import { warn } from '../warn.js';
import { type BatchNormOptions, NormBase } from './batchnorm.js';
import { instanceNorm } from './functional.js';
import type { StateDictLoad } from './load-state-dict.js';

export type InstanceNormOptions = BatchNormOptions;

/** What InstanceNorm over any number of dimensions shares; affine and running statistics are off by default. */
export abstract class InstanceNorm extends NormBase {
  constructor(numFeatures: number, options: InstanceNormOptions = {}) {
    requireOptions(new.target, options);
    super(numFeatures, { affine: false, trackRunningStats: false, ...options });
  }

  /** Dimensions of an input without a batch. */
  protected abstract get unbatched(): number;

  protected override checkInputDim(input: Tensor): void {
    const dims = input.dim();
    if (dims === this.unbatched || dims === this.unbatched + 1) return;
    throw new ValueError(`expected ${this.unbatched}D or ${this.unbatched + 1}D input (got ${dims}D input)`);
  }

  private normalized(input: Tensor): Tensor {
    const { runningMean, runningVar, weight, bias, eps } = this;
    const useInputStats = this.training || !this.trackRunningStats;
    const momentum = this.momentum ?? 0;
    return instanceNorm(input, { runningMean, runningVar, weight, bias, useInputStats, momentum, eps });
  }

  override forward(input: Tensor): Tensor {
    this.checkInputDim(input);
    const dim = input.dim() - this.unbatched;
    if (input.size(dim) !== this.numFeatures) {
      if (this.affine) {
        throw new ValueError(
          `expected input's size at dim=${dim} to match num_features (${this.numFeatures}), but got: ${input.size(dim)}.`,
        );
      }
      warn(
        `input's size at dim=${dim} does not match num_features. You can silence this warning by not passing in ` +
          'num_features, which is not used because affine=False',
      );
    }
    if (dim === 1) return this.normalized(input);
    return scope(() => this.normalized(input.unsqueeze(0)).squeeze(0));
  }

  protected override loadFromStateDict(load: StateDictLoad): void {
    const keys = ['running_mean', 'running_var'].map((name) => load.prefix + name);
    const found = keys.filter((key) => load.state.has(key));
    if (load.version === undefined && !this.trackRunningStats && found.length > 0) {
      const { name } = this.constructor;
      load.report.errors.push(
        `Unexpected running stats buffer(s) ${found.map((key) => `"${key}"`).join(' and ')} for ${name} with ` +
          'track_running_stats=False. If state_dict is a checkpoint saved before 0.4.0, this may be expected because ' +
          `${name} does not track running stats by default since 0.4.0. Please remove these keys from state_dict. If ` +
          `the running stats are actually needed, instead set track_running_stats=True in ${name} to enable them. See ` +
          `the documentation of ${name} for details.`,
      );
      for (const key of found) load.state.delete(key);
    }
    super.loadFromStateDict(load);
  }
}

/** Normalises each channel of each sample of [N, C, L] or [C, L] (Ulyanov et al. 2016). */
export class InstanceNorm1d extends InstanceNorm {
  protected override get unbatched(): number {
    return 2;
  }
}

/** Normalises each channel of each sample of [N, C, H, W] or [C, H, W]. */
export class InstanceNorm2d extends InstanceNorm {
  protected override get unbatched(): number {
    return 3;
  }
}

/** Normalises each channel of each sample of [N, C, D, H, W] or [C, D, H, W]. */
export class InstanceNorm3d extends InstanceNorm {
  protected override get unbatched(): number {
    return 4;
  }
}
