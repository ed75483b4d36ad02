import { float } from '../../scalar.js';
import { isTensor } from '../../tensor.js';
import { type Hyperparameter, toScalar } from '../hyperparameter.js';
import type { Optimizer } from '../optimizer.js';
import { type ParamGroup, unpacked } from '../param-group.js';

/** What all schedulers have: an optimizer whose learning rates they set, and a state dict. */
export abstract class Scheduler {
  protected lastLr: Hyperparameter[] = [];

  constructor(readonly optimizer: Optimizer) {}

  /** Call it after the optimizer's `step`. */
  abstract step(...args: never[]): void;

  /** The fields in the state dict: Python's names, ours, in Python's order. */
  protected abstract stateKeys(): Record<string, string>;

  /** What the last step set, for each group. */
  getLastLr(): Hyperparameter[] {
    return [...this.lastLr];
  }

  /** Python's dict, in its order. */
  stateDict(): Map<string, unknown> {
    const entries = Object.entries(this.stateKeys());
    return new Map(entries.map(([name, field]) => [name, packed(Reflect.get(this, field))]));
  }

  loadStateDict(state: ReadonlyMap<string, unknown>): void {
    for (const [name, field] of Object.entries(this.stateKeys())) {
      if (state.has(name)) Reflect.set(this, field, unpackedList(state.get(name)));
    }
  }
}

/** The learning rates of an optimizer's groups; tensors are copied, as the groups' own change in place. */
export function groupRates(optimizer: Optimizer, key: 'lr' | 'initialLr' = 'lr'): Hyperparameter[] {
  return optimizer.paramGroups.map((group) => copied(group[key] as Hyperparameter));
}

export const copied = (rate: Hyperparameter): Hyperparameter => (isTensor(rate) ? rate.clone().keep() : rate);

/** A tensor is filled, so that whoever holds it sees the new rate. */
export function setRate(group: ParamGroup, rate: Hyperparameter): void {
  if (isTensor(group.lr)) group.lr.fill_(toScalar(rate) as number);
  else group.lr = rate;
}

/** The lists in a scheduler's state are learning rates: floats in files, also where they are integral. */
function packed(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value.map((rate) => (Number.isInteger(rate) ? float(rate) : rate));
}

function unpackedList(value: unknown): unknown {
  const list = unpacked(value);
  return Array.isArray(list) ? [...list] : list;
}
