import { TorchError } from '../errors.js';
import { type Asked, ended } from './fetch.js';
import type { LoaderWorker } from './loader-worker.js';

interface Task {
  worker: number;
  answer: Promise<unknown>;
}

export interface WorkerPassOptions {
  /** Batches asked for ahead, for each worker. */
  prefetchFactor: number;
  /** Seconds to wait for a batch; 0: for ever. */
  timeout: number;
  /** In the order of the sampler; false: as they come. */
  inOrder: boolean;
}

/** One pass over the batches of several workers, distributed and put in order as Python does it. */
export class WorkerPass {
  readonly #workers: readonly LoaderWorker[];
  readonly #options: WorkerPassOptions;
  readonly #asked: Iterator<Asked>;
  readonly #tasks = new Map<number, Task>();
  readonly #active: boolean[];
  #sent = 0;
  #received = 0;
  #turn = 0;

  /** The first batches are asked for, and their indices drawn, at once. */
  constructor(workers: readonly LoaderWorker[], asked: Iterator<Asked>, options: WorkerPassOptions) {
    this.#workers = workers;
    this.#asked = asked;
    this.#options = options;
    this.#active = workers.map(() => true);
    for (let i = 0; i < options.prefetchFactor * workers.length; i += 1) this.#ask();
  }

  #ask(): void {
    const next = this.#asked.next();
    if (next.done || !this.#active.includes(true)) return;
    while (!this.#active[this.#turn % this.#workers.length]) this.#turn += 1;
    const worker = this.#turn % this.#workers.length;
    this.#turn += 1;
    const answer = (this.#workers[worker] as LoaderWorker).fetch(next.value);
    answer.catch(() => undefined); // thrown when it is its turn
    this.#tasks.set(this.#sent, { worker, answer });
    this.#sent += 1;
  }

  /** The next batch, or `ended`. Throws TorchError for what a worker could not read, and when the time is over. */
  async next(): Promise<unknown> {
    for (;;) {
      const place = this.#options.inOrder ? this.#nextInOrder() : await this.#firstDone();
      if (place === undefined) return ended;
      const { worker, answer } = this.#tasks.get(place) as Task;
      const batch = await this.#inTime(answer).catch((error: unknown) => {
        this.#tasks.delete(place);
        this.#ask();
        throw error;
      });
      this.#tasks.delete(place);
      if (batch !== ended) {
        this.#ask();
        return batch;
      }
      // What else was asked of a worker that has no more is dropped; the others get the rest.
      if (!this.#active[worker]) continue;
      this.#active[worker] = false;
      this.#ask();
    }
  }

  #nextInOrder(): number | undefined {
    while (this.#received < this.#sent && !this.#tasks.has(this.#received)) this.#received += 1;
    return this.#received < this.#sent ? this.#received : undefined;
  }

  async #firstDone(): Promise<number | undefined> {
    const places = [...this.#tasks].map(([place, { answer }]) =>
      answer.then(
        () => place,
        () => place,
      ),
    );
    return places.length === 0 ? undefined : await this.#inTime(Promise.race(places));
  }

  async #inTime<T>(answer: Promise<T>): Promise<T> {
    const { timeout } = this.#options;
    if (timeout === 0) return await answer;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const error = new TorchError(`DataLoader timed out after ${timeout} seconds`);
      timer = setTimeout(() => reject(error), timeout * 1000);
    });
    try {
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
