import { aten } from '../operators/ops.js';
import type { Tensor } from '../tensor.js';
import { Module } from './module.js';

/** Interleaves the groups of channels of [N, C, ...] (Zhang et al. 2018). */
export class ChannelShuffle extends Module {
  constructor(readonly groups: number) {
    super();
  }

  override forward(input: Tensor): Tensor {
    return aten.channelShuffle(input, this.groups);
  }

  override extraRepr(): string {
    return `groups=${this.groups}`;
  }
}
