import { requireOptions } from '../options.js';
import { Adam, type AdamGroup, type AdamOptions } from './adam.js';
import type { ParamGroupInput, Params } from './param-group.js';

export type AdamWOptions = Omit<AdamOptions, 'decoupledWeightDecay'>;

/** Adam with decoupled weight decay, 0.01 by default (Loshchilov & Hutter 2017; torch.optim.AdamW). */
export class AdamW extends Adam {
  constructor(params: Params | Iterable<ParamGroupInput<AdamGroup>>, options: AdamWOptions = {}) {
    requireOptions(new.target, options);
    super(params, { weightDecay: 1e-2, ...options, decoupledWeightDecay: true });
  }

  protected override completeGroup(group: AdamGroup): void {
    super.completeGroup(group);
    group.decoupledWeightDecay = true;
  }
}
