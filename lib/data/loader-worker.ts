import { TorchError } from '../errors.js';
import { type Asked, ended, type Fetch, type FetchOptions, newFetch } from './fetch.js';
import { asWorker, type WorkerInfo } from './worker-info.js';

/** Reads batches for a DataLoader, one after the other. */
export interface LoaderWorker {
  /** Answers in the order of asking: a batch, or `ended`. */
  fetch(asked: Asked): Promise<unknown>;
  /** The next pass of a worker that is kept. */
  restart(): void;
  /** Nothing is answered any more. */
  stop(): Promise<void>;
}

/** A worker on this thread: what its dataset waits for, files say, goes on beside the others'. */
export class ConcurrentWorker<T> implements LoaderWorker {
  readonly #info: WorkerInfo;
  readonly #options: FetchOptions<T>;
  #ready: Promise<Fetch>;
  #tail: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(
    info: WorkerInfo,
    options: FetchOptions<T>,
    init: ((id: number) => void | Promise<void>) | null,
  ) {
    this.#info = info;
    this.#options = options;
    this.#ready = asWorker(info, async () => {
      await init?.(info.id);
      return newFetch(options);
    });
    this.#ready.catch(() => undefined); // reported by whoever fetches first
  }

  fetch(asked: Asked): Promise<unknown> {
    const answer = this.#tail.then(async () => {
      const fetch = await this.#ready;
      if (this.#stopped) return ended;
      return asWorker(this.#info, () => fetch(asked));
    });
    this.#tail = answer.catch(() => undefined);
    return answer.catch((error: unknown) => fail(this.#info.id, error));
  }

  restart(): void {
    this.#tail = this.#tail.then(() => {
      this.#ready = asWorker(this.#info, async () => newFetch(this.#options));
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
  }
}

function fail(id: number, error: unknown): never {
  if (!(error instanceof Error)) throw error;
  throw workerError(id, error.name, error.message, error);
}

/** What a worker's error is to the loop that reads its batches. */
export function workerError(id: number, name: string, message: string, cause: unknown): TorchError {
  return new TorchError(`Caught ${name} in DataLoader worker ${id}: ${message}`, { cause });
}
