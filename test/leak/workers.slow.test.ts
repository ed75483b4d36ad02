import { expect, test } from 'vitest';
import { measure } from './run.js';

test('1,000 workers started and ended, a tenth of them in the middle of operators', () => {
  const { wrong, grown, live } = measure<{ wrong: number; grown: number; live: number }>('thousand-workers', [
    '1000',
  ]);
  console.log(`the second 500 workers added ${grown} MB`);
  expect(wrong).toBe(0);
  expect(live).toBe(0);
  expect(grown).toBeLessThan(100);
});
