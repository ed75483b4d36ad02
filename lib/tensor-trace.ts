// Where tensors that are still alive were made, for finding leaks; costs a stack per tensor while it is on.

import { type DType, dtypeOf } from './dtype.js';
import { type Handle, native } from './native.js';
import { sizesFrom } from './operators/call-buffer.js';
import { userStack } from './user-stack.js';

const traced = new Map<Handle, { stack: string; made: number }>();
let made = 0;
let pruneAt = 1024;

function prune(): void {
  for (const handle of traced.keys()) if (!native.isAlive(handle)) traced.delete(handle);
  pruneAt = Math.max(1024, traced.size * 2);
}

function trace(handle: Handle): void {
  if (traced.size >= pruneAt) prune();
  traced.set(handle, { stack: userStack(), made: made++ });
}

/** What Tensor's constructor calls while tracing is on. */
export let record: typeof trace | undefined;

/** Turns the trace on or off; what was made before stays unknown. Off forgets everything. */
export function traceTensors(enabled: boolean): void {
  record = enabled ? trace : undefined;
  if (!enabled) traced.clear();
}

export interface TracedTensor {
  readonly shape: number[];
  readonly dtype: DType;
  /** How many tensors were made since. */
  readonly age: number;
  /** The JavaScript stack of its making, the caller of the library first. */
  readonly stack: string;
}

/** The oldest tensors that were made while {@link traceTensors} was on and are alive, oldest first. */
export function oldestTensors(count = 10): TracedTensor[] {
  prune();
  return [...traced].slice(0, count).map(([handle, { stack, made: at }]) => ({
    shape: sizesFrom(native.sizes(handle)),
    dtype: dtypeOf(native.dtype(handle)),
    age: made - 1 - at,
    stack,
  }));
}

/** Live traced tensors by the line that made them, the most frequent first: where a leak is. */
export function tensorsByLine(): { line: string; count: number }[] {
  prune();
  const counts = new Map<string, number>();
  for (const { stack } of traced.values()) {
    const line = (stack.split('\n')[0] ?? '').trim();
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return [...counts].map(([line, count]) => ({ line, count })).sort((a, b) => b.count - a.count);
}
