import { Worker } from 'node:worker_threads';
import { TorchError } from '../errors.js';
import { packageFile } from '../package-file.js';
import { type Asked, ended } from './fetch.js';
import { type LoaderWorker, workerError } from './loader-worker.js';
import { unpacked } from './worker-message.js';

/** What a thread is started with. */
export interface ThreadStart {
  module: string;
  workerData: unknown;
  id: number;
  numWorkers: number;
  baseSeed: bigint;
  dropLast: boolean;
  isBatched: boolean;
  /** A function of the main thread collates: samples come as they are. */
  isRaw: boolean;
}

export type ThreadRequest = { asked: Asked } | { restart: true };
export type ThreadReply =
  | { batch: unknown }
  | { ended: true }
  | { error: { name: string; message: string; stack?: string } };

interface Waiting {
  resolve(batch: unknown): void;
  reject(error: Error): void;
}

/** A worker in a thread of its own, with a dataset of its own. */
export class ThreadWorker implements LoaderWorker {
  readonly #id: number;
  readonly #thread: Worker;
  readonly #waiting: Waiting[] = [];
  #gone: Error | undefined;
  #stopped = false;

  constructor(start: ThreadStart) {
    this.#id = start.id;
    // `node --input-type=module -e` would refuse to start a file.
    const execArgv = process.execArgv.filter((argument) => !argument.startsWith('--input-type'));
    this.#thread = new Worker(packageFile('dist/data/thread.js'), { workerData: start, execArgv });
    // A loop that is left alone must not keep the program alive.
    this.#thread.unref();
    this.#thread.on('message', (reply: ThreadReply) => this.#answer(reply));
    this.#thread.on('error', (error) => this.#end(error.message));
    this.#thread.on('exit', (code) => this.#end(`exit code ${code}`));
  }

  #answer(reply: ThreadReply): void {
    // What comes late is nobody's: the tensors have gone with their thread, and its end is waited for.
    if (this.#stopped) return;
    const waiting = this.#waiting.shift();
    if (this.#waiting.length === 0) this.#thread.unref();
    if (!waiting) return;
    if ('batch' in reply) this.#unpack(reply.batch, waiting);
    else if ('ended' in reply) waiting.resolve(ended);
    else {
      const { name, message, stack } = reply.error;
      const cause = Object.assign(new Error(message), { name, stack });
      waiting.reject(workerError(this.#id, name, message, cause));
    }
  }

  #unpack(batch: unknown, { resolve, reject }: Waiting): void {
    try {
      resolve(unpacked(batch));
    } catch (error) {
      // A thread that ended meanwhile has taken them along.
      reject(error as Error);
    }
  }

  #end(reason: string): void {
    this.#gone ??= new TorchError(`DataLoader worker ${this.#id} exited unexpectedly: ${reason}`);
    for (const { resolve, reject } of this.#waiting.splice(0)) {
      if (this.#stopped) resolve(ended);
      else reject(this.#gone);
    }
  }

  fetch(asked: Asked): Promise<unknown> {
    if (this.#gone) return Promise.reject(this.#gone);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#thread.ref();
      this.#thread.postMessage({ asked } satisfies ThreadRequest);
    });
  }

  restart(): void {
    this.#thread.postMessage({ restart: true } satisfies ThreadRequest);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    // Keeps the program alive until the thread has ended.
    if (!this.#gone) await this.#thread.terminate();
  }
}
