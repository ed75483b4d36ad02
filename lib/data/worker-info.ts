import { AsyncLocalStorage } from 'node:async_hooks';
import { Generator } from '../random.js';

/** Which worker of a DataLoader the present code runs in (torch.utils.data.get_worker_info). */
export interface WorkerInfo {
  readonly id: number;
  readonly numWorkers: number;
  /** The loader's base seed plus `id`. */
  readonly seed: bigint;
  /** The worker's own copy where it is a thread. */
  readonly dataset: unknown;
  /**
   * Seeded with `seed`: draws what Python's default generator draws in that worker. The default generator here belongs
   * to the whole process, so that draws from it have no fixed order among workers.
   */
  readonly generator: Generator;
}

const current = new AsyncLocalStorage<WorkerInfo>();

export function workerInfo(id: number, numWorkers: number, baseSeed: bigint, dataset: unknown): WorkerInfo {
  const seed = baseSeed + BigInt(id);
  return { id, numWorkers, seed, dataset, generator: new Generator().manualSeed(seed) };
}

/** Runs `body`, and what it waits for, as this worker. */
export function asWorker<T>(info: WorkerInfo, body: () => T): T {
  return current.run(info, body);
}

/** Null outside of workers. */
export function getWorkerInfo(): WorkerInfo | null {
  return current.getStore() ?? null;
}
