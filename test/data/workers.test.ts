import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import * as torch from 'libtorch-node';
import { describe, expect, it } from 'vitest';
import makeDataset, { workerInitFn } from './worker-module.mjs';

const { DataLoader, getWorkerInfo } = torch.data;

interface Row {
  index: torch.Tensor;
  x: torch.Tensor;
  reads: torch.Tensor;
  initialized: torch.Tensor;
}

const workerModule = new URL('worker-module.mjs', import.meta.url);

function loader(threads: boolean, what: object, options: object = {}) {
  const dataset = makeDataset(what) as torch.data.Dataset<unknown>;
  const how = threads ? { workerModule, workerData: what } : { workerInitFn };
  return new DataLoader<unknown, Row>(dataset, { batchSize: 2, numWorkers: 2, ...how, ...options });
}

async function indices(batches: AsyncIterable<Row>): Promise<unknown[]> {
  const seen: unknown[] = [];
  for await (const { index } of batches) seen.push(...(index.tolist() as unknown[]));
  return seen;
}

describe.each([false, true])('workers in threads: %s', (threads) => {
  it('read in order, each its share', async () => {
    const seen: unknown[] = [];
    for await (const batch of loader(threads, { length: 6 })) {
      seen.push([batch.x.tolist(), batch.initialized.tolist()]);
    }
    const rows = (...values: number[]) => values.map((value) => [value, value, value]);
    // On this thread the workers have one dataset: the one that began last left its mark.
    const marks = threads ? [0, 1, 0] : [1, 1, 1];
    expect(seen).toEqual([rows(0, 1), rows(2, 3), rows(4, 5)].map((x, i) => [x, [marks[i], marks[i]]]));
    expect(getWorkerInfo()).toBeNull();
  });

  it('name the sample that cannot be read', async () => {
    const failed = await indices(loader(threads, { length: 8, bad: 5 })).catch((error: Error) => error);
    expect(failed).toBeInstanceOf(torch.TorchError);
    expect((failed as Error).message).toBe(
      'Caught TorchError in DataLoader worker 0: cannot read sample 5 of the dataset: no such row',
    );
    expect(inspect(failed)).toContain('worker-module.mjs');
  });

  it('give up after the timeout', async () => {
    const read = indices(loader(threads, { length: 4, slow: 2 }, { timeout: 0.8 + (threads ? 8 : 0) }));
    await expect(read).rejects.toThrow(/DataLoader timed out after [\d.]+ seconds/);
  });

  it('are kept for the next epoch on request', async () => {
    const kept = loader(threads, { length: 4 }, { persistentWorkers: true });
    await indices(kept);
    const reads: unknown[] = [];
    for await (const batch of kept) reads.push(...(batch.reads.tolist() as number[]));
    // Two for each thread's own dataset, four for the one that both share here.
    expect(reads.map(Number).sort()).toEqual(threads ? [3, 3, 4, 4] : [5, 6, 7, 8]);
    await kept.close();
  });

  it('go when the loop is left', async () => {
    for await (const { index } of loader(threads, { length: 100 })) {
      expect(index.tolist()).toEqual([0, 1]);
      break;
    }
    const iterator = loader(threads, { length: 100 })[Symbol.asyncIterator]();
    await iterator.return?.();
    expect((await iterator.next()).done).toBe(true);
  });
});

it('says that a thread ended, and does not wait for it', async () => {
  const read = indices(loader(true, { length: 8, quit: 3 }));
  await expect(read).rejects.toThrow('DataLoader worker 1 exited unexpectedly: exit code 3');
});

it('gives batches as they come where no order is asked for', async () => {
  const seen = await indices(loader(false, { length: 9 }, { inOrder: false, prefetchFactor: 3 }));
  expect(seen.map(Number).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
});

it('refuses functions that a thread cannot have', () => {
  expect(() => loader(true, { length: 2 }, { workerInitFn })).toThrow(
    'workerInitFn cannot go to another thread',
  );
  expect(() => loader(true, { length: 2 }, { numWorkers: 0 })).toThrow(
    'workerModule option needs numWorkers > 0',
  );
});

describe('a program with threads ends', () => {
  const program = (body: string) => `
    import * as torch from 'libtorch-node';
    import makeDataset from ${JSON.stringify(workerModule.href)};
    const what = { length: 1000 };
    const loader = new torch.data.DataLoader(makeDataset(what), {
      numWorkers: 2, workerModule: ${JSON.stringify(workerModule.href)}, workerData: what });
    ${body}`;
  const run = (body: string) =>
    spawnSync(process.execPath, ['--input-type=module', '-e', program(body)], {
      encoding: 'utf8',
      timeout: 60_000,
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
    });

  it('when the loop throws', () => {
    const { status, stderr } = run("for await (const batch of loader) throw new Error('enough');");
    expect(stderr).toContain('enough');
    expect(status).toBe(1);
  });

  it('when it leaves the batches alone', () => {
    const { status, stdout } = run(
      'const batches = loader[Symbol.asyncIterator](); await batches.next(); console.log("left");',
    );
    expect([status, stdout]).toEqual([0, 'left\n']);
  });

  it('at Ctrl-C', () => {
    const { signal } = run(
      'for await (const batch of loader) { process.kill(process.pid, "SIGINT"); await new Promise((r) => setTimeout(r, 20000)); }',
    );
    expect(signal).toBe('SIGINT');
  });
});
