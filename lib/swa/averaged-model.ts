import { noGrad } from '../autograd/index.js';
import { tensor } from '../creation.js';
import type { DeviceLike } from '../device.js';
import { int64 } from '../dtype.js';
import { TorchError } from '../errors.js';
import { scope } from '../memory.js';
import { deepcopy } from '../nn/deepcopy.js';
import { Module } from '../nn/module.js';
import { requireNames } from '../options.js';
import type { Tensor } from '../tensor.js';
import { type AvgFn, getSwaAvgFn, getSwaMultiAvgFn, type MultiAvgFn } from './averaging.js';

export interface AveragedModelOptions {
  device?: DeviceLike | null;
  /** How one parameter is averaged; the plain average if neither function is given. */
  avgFn?: AvgFn | null;
  multiAvgFn?: MultiAvgFn | null;
  /** Buffers are averaged too, instead of copied. */
  useBuffers?: boolean;
}

interface Pair {
  averaged: Tensor;
  current: Tensor;
}

/** A copy of a model whose parameters are averages over training (torch.optim.swa_utils.AveragedModel). */
export class AveragedModel<M extends Module = Module> extends Module {
  readonly module: M;
  /** How many models went into the average, int64. */
  readonly nAveraged: Tensor;
  readonly avgFn: AvgFn | null;
  readonly multiAvgFn: MultiAvgFn | null;
  readonly useBuffers: boolean;

  constructor(model: M, options: AveragedModelOptions = {}) {
    requireNames(new.target, options, { device: true, avgFn: true, multiAvgFn: true, useBuffers: true });
    super();
    const { device, avgFn = null, multiAvgFn = null, useBuffers = false } = options;
    if (avgFn && multiAvgFn) {
      throw new TorchError('Only one of avg_fn and multi_avg_fn should be provided');
    }
    this.module = deepcopy(model);
    if (device) this.module.to(device);
    this.nAveraged = this.registerBuffer('nAveraged', tensor(0, { dtype: int64, device }));
    this.avgFn = avgFn;
    this.multiAvgFn = multiAvgFn;
    this.useBuffers = useBuffers;
  }

  override forward(...inputs: Parameters<M['forward']>): ReturnType<M['forward']> {
    return this.module.forward(...(inputs as never[])) as ReturnType<M['forward']>;
  }

  /** Takes the present parameters into the average; the first time they are copied. */
  updateParameters(model: Module): void {
    noGrad(() => scope(() => this.#update(model)));
  }

  #update(model: Module): void {
    const tensors = (of: Module) =>
      this.useBuffers ? [...of.parameters(), ...of.buffers()] : of.parameters();
    const current = tensors(model);
    const pairs = tensors(this.module).map((averaged, index): Pair => {
      const present = current[index] as Tensor;
      return { averaged: averaged.detach(), current: present.detach().to({ device: averaged.device }) };
    });
    if (Number(this.nAveraged.item()) === 0) {
      for (const { averaged, current: present } of pairs) averaged.copy_(present);
    } else {
      this.#average(pairs);
    }
    if (!this.useBuffers) {
      const buffers = model.buffers();
      for (const [index, own] of this.module.buffers().entries()) {
        own.detach().copy_((buffers[index] as Tensor).detach());
      }
    }
    this.nAveraged.add_(1);
  }

  #average(pairs: Pair[]): void {
    if (this.avgFn) {
      averageEach(pairs, this.avgFn, this.nAveraged);
      return;
    }
    for (const group of alike(pairs)) {
      const { device } = (group[0] as Pair).averaged;
      const multi = this.multiAvgFn ?? (device.type === 'cuda' ? getSwaMultiAvgFn() : null);
      if (!multi) {
        averageEach(group, getSwaAvgFn(), this.nAveraged);
        continue;
      }
      multi(
        group.map(({ averaged }) => averaged),
        group.map(({ current }) => current),
        this.nAveraged.to({ device }),
      );
    }
  }
}

function averageEach(pairs: Pair[], avgFn: AvgFn, numAveraged: Tensor): void {
  for (const { averaged, current } of pairs) {
    averaged.copy_(avgFn(averaged, current, numAveraged.to({ device: averaged.device })));
  }
}

/** By device and dtype. */
function alike(pairs: Pair[]): Pair[][] {
  const groups = new Map<string, Pair[]>();
  for (const pair of pairs) {
    const key = `${pair.averaged.device} ${pair.averaged.dtype}`;
    groups.set(key, [...(groups.get(key) ?? []), pair]);
  }
  return [...groups.values()];
}
