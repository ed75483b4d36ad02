import { expect, test } from 'vitest';
import { summaryOf } from '../../dist/cuda/memory-summary.js';
import { runPython } from '../live-python.js';

const pools = ['all', 'large_pool', 'small_pool'] as const;
const metrics = [
  ...['active', 'active_bytes', 'allocated_bytes', 'allocation', 'inactive_split', 'inactive_split_bytes'],
  ...['requested_bytes', 'reserved_bytes', 'segment'],
];

function statistics(): Record<string, number> {
  const stats: Record<string, number> = { num_ooms: 3, num_alloc_retries: 17 };
  let value = 7;
  const next = () => {
    value = (value * 7919 + 13) % 98_765_432_109;
    return value;
  };
  for (const column of ['current', 'peak', 'allocated', 'freed']) {
    for (const metric of metrics) for (const pool of pools) stats[`${metric}.${pool}.${column}`] = next();
    for (const metric of ['oversize_allocations', 'oversize_segments']) stats[`${metric}.${column}`] = next();
  }
  return stats;
}

test('the table is the one that Python prints', () => {
  const stats = statistics();
  const [full, short] = runPython<string[]>(
    `
import torch
torch.cuda.memory.memory_stats = lambda device=None: input
print(json.dumps([torch.cuda.memory.memory_summary(1, a) for a in (False, True)]))`,
    stats,
  );
  expect(summaryOf(stats, 1, pools)).toBe(full);
  expect(summaryOf(stats, 1, ['all'])).toBe(short);
});
