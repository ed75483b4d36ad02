import { expect, test } from 'vitest';
import { measure, run } from './run.js';

interface Answer {
  numbers: { losses: number[]; refused: string };
  live: number;
}

test('four environments at once get the numbers of the main thread', () => {
  const { main, workers } = measure<{ main: Answer; workers: Answer[] }>('four-workers');
  const { losses, refused } = main.numbers;
  expect(refused).toBe('ShapeError');
  expect(losses.at(-1)).toBeLessThan(losses[0] as number);
  for (const { numbers, live } of workers) {
    expect(numbers).toEqual(main.numbers);
    expect(live).toBeLessThan(250);
  }
});

test('four workers terminated in the middle of operators, 50 times', { timeout: 600_000 }, () => {
  expect(measure('terminated-workers', ['50'])).toEqual({ rounds: 50, sum: 3 });
});

test('60 workers started and ended, a tenth of them in the middle of operators', () => {
  // 1,000 in workers.slow.test.ts: there the memory is looked at too.
  expect(measure('thousand-workers', ['60'])).toMatchObject({ count: 60, wrong: 0, live: 0 });
});

test('process.exit(3) while four workers compute exits 3, 50 times', { timeout: 600_000 }, () => {
  for (let round = 0; round < 50; round++) {
    const { status, signal, stderr } = run('exit-while-computing');
    expect({ status, signal, stderr }).toEqual({ status: 3, signal: null, stderr: '' });
  }
});

test.each(['backward', 'hook', 'checkpoint', 'forward', 'read'])(
  'process.exit(3) in the middle of an awaited %s exits 3',
  (kind) => {
    for (let round = 0; round < 5; round++) {
      const { status, signal, stderr } = run('exit-in-background', [kind]);
      expect({ status, signal, stderr }).toEqual({ status: 3, signal: null, stderr: '' });
    }
  },
);
