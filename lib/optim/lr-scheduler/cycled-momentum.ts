// What CyclicLR and OneCycleLR do with the momentum, or with the first beta, of every group.

import { ValueError } from '../../errors.js';
import { Tuple } from '../../tuple.js';
import type { Optimizer } from '../optimizer.js';
import type { ParamGroup } from '../param-group.js';

/** The momentum's bounds as the schedulers leave them in the groups. */
export interface CycledGroup extends ParamGroup {
  momentum?: number;
  betas?: readonly number[];
  maxMomentum?: number;
  baseMomentum?: number;
}

/** True for a first beta, false for a momentum. Throws ValueError where the optimizer has neither. */
export function cyclesBeta1({ defaults }: Optimizer): boolean {
  if ('betas' in defaults) return true;
  if ('momentum' in defaults) return false;
  throw new ValueError('optimizer must support momentum or beta1 with `cycle_momentum` option enabled');
}

export function setMomentum(group: CycledGroup, momentum: number): void {
  if (group.betas) group.betas = Tuple.of(momentum, ...group.betas.slice(1));
  else group.momentum = momentum;
}

/** The momentum is largest where the learning rate is smallest. */
export function startMomentum(groups: CycledGroup[], low: readonly number[], high: readonly number[]): void {
  for (const [index, group] of groups.entries()) {
    setMomentum(group, high[index] as number);
    group.maxMomentum = high[index];
    group.baseMomentum = low[index];
  }
}
