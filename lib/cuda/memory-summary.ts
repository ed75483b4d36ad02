// The table of torch.cuda.memory_summary.

import { floorDiv } from '../python-number.js';

type Format = (value: number, like: number) => string;

/** Shortens `value` by as many steps as keep `like` readable. */
function format(prefixes: readonly string[], step: number, limit: number, width: number): Format {
  return (value, like) => {
    let [shown, compared, at] = [value, like, 0];
    while (at + 1 < prefixes.length && compared >= limit) {
      shown = floorDiv(shown, step);
      compared /= step;
      at++;
    }
    return `${`${shown}`.padStart(width)} ${prefixes[at]}`;
  };
}

const size = format(['B  ', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'], 1024, 768 * 1024, 6);
const count = format(['  ', 'K ', 'M '], 1000, 750 * 1000, 7);

const metrics: readonly [name: string, shown: string, format: Format][] = [
  ['allocated_bytes', 'Allocated memory', size],
  ['active_bytes', 'Active memory', size],
  ['requested_bytes', 'Requested memory', size],
  ['reserved_bytes', 'GPU reserved memory', size],
  ['inactive_split_bytes', 'Non-releasable memory', size],
  ['allocation', 'Allocations', count],
  ['active', 'Active allocs', count],
  ['segment', 'GPU reserved segments', count],
  ['inactive_split', 'Non-releasable allocs', count],
];

const oversize: typeof metrics = [
  ['oversize_allocations', 'Oversize allocations', count],
  ['oversize_segments', 'Oversize GPU segments', count],
];

const pools = {
  all: undefined,
  large_pool: '      from large pool',
  small_pool: '      from small pool',
};
const columns = ['current', 'peak', 'allocated', 'freed'] as const;

/** The rows of `pools` for each metric. */
export function summaryOf(
  stats: Readonly<Record<string, number>>,
  device: number,
  shownPools: readonly (keyof typeof pools)[],
): string {
  const line = (character: string) => character.repeat(75);
  const row = (shown: string, cells: string[]) => ` ${shown.padEnd(21)} | ${cells.join(' | ')} `;
  const stat = (name: string) => stats[name] ?? 0;
  const lines = [
    line('='),
    `${' '.repeat(18)}PyTorch CUDA memory summary, device ID ${`${device}`.padEnd(17)} `,
    line('-'),
    `${' '.repeat(12)}CUDA OOMs: ${`${stat('num_ooms')}`.padEnd(12)} | ${' '.repeat(6)} ` +
      `cudaMalloc retries: ${`${stat('num_alloc_retries')}`.padEnd(8)}  `,
    line('='),
    '        Metric         | Cur Usage  | Peak Usage | Tot Alloc  | Tot Freed  ',
  ];
  for (const [name, shown, text] of metrics) {
    lines.push(line('-'));
    for (const pool of shownPools) {
      const cells = columns.map((column) =>
        text(stat(`${name}.${pool}.${column}`), stat(`${name}.${shownPools[0]}.${column}`)),
      );
      lines.push(row(pools[pool] ?? shown, cells));
    }
  }
  for (const [name, shown, text] of oversize) {
    const values = columns.map((column) => stat(`${name}.${column}`));
    lines.push(
      line('-'),
      row(
        shown,
        values.map((value) => text(value, value)),
      ),
    );
  }
  return `|${[...lines, line('=')].join('|\n|')}|\n`;
}
