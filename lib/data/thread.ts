// The program of a DataLoader's worker thread: makes its own dataset and answers one request after the other.

import { inspect } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';
import { tensorsIn } from '../memory.js';
import { native } from '../native.js';
import { defaultCollate, defaultConvert } from './collate.js';
import type { Dataset, IterableDataset } from './dataset.js';
import { ended, type Fetch, newFetch } from './fetch.js';
import type { ThreadReply, ThreadRequest, ThreadStart } from './thread-worker.js';
import { asWorker, type WorkerInfo, workerInfo } from './worker-info.js';
import { packed } from './worker-message.js';

type AnyDataset = Dataset<unknown> | IterableDataset<unknown>;

/** What the module of a loader's workers exports. */
export interface WorkerModule {
  /** Makes the dataset of one worker from the loader's `workerData`. */
  default: (workerData: never) => AnyDataset | Promise<AnyDataset>;
  collateFn?: (data: never) => unknown;
  workerInitFn?: (id: number) => void | Promise<void>;
}

interface Begun {
  info: WorkerInfo;
  newPass: () => Fetch;
  /** The tensors of a batch are the collate function's own. */
  isStacked: boolean;
}

async function begin(start: ThreadStart): Promise<Begun> {
  const { id, numWorkers, baseSeed, dropLast, isBatched, isRaw } = start;
  // As Python's workers do: part of the bits, and teams of threads would wait for each other.
  native.useOneThread();
  const module = (await import(start.module)) as WorkerModule;
  const dataset = await module.default(start.workerData as never);
  const info = workerInfo(id, numWorkers, baseSeed, dataset);
  await asWorker(info, async () => module.workerInitFn?.(id));
  const own = isBatched ? defaultCollate : defaultConvert;
  const given = module.collateFn ?? (isRaw ? (data: unknown) => data : own);
  const collate = given as (data: unknown) => unknown;
  const newPass = () => asWorker(info, () => newFetch({ dataset, collate, dropLast }));
  return { info, newPass, isStacked: collate === defaultCollate };
}

function errorReply(error: unknown): ThreadReply {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  // Its cause included: an Error loses that on the way.
  return { error: { name, message, stack: inspect(error) } };
}

/** Requests wait here, so that they are answered in their order. */
let tail: Promise<unknown> = Promise.resolve();

if (parentPort) {
  const port = parentPort;
  const begun = begin(workerData as ThreadStart);
  let pass = begun.then(({ newPass }) => newPass());
  pass.catch(() => undefined); // reported with the first batch
  const answer = async (request: ThreadRequest): Promise<void> => {
    if ('restart' in request) {
      pass = begun.then(({ newPass }) => newPass());
      return;
    }
    try {
      const { info, isStacked } = await begun;
      const fetch = await pass;
      const batch = await asWorker(info, () => fetch(request.asked));
      const reply: ThreadReply = batch === ended ? { ended: true } : { batch: packed(batch) };
      port.postMessage(reply);
      // The main thread alone says how long they live; this thread's collector is not told of them any more.
      if (isStacked) for (const tensor of tensorsIn(batch)) tensor.dispose();
    } catch (error) {
      port.postMessage(errorReply(error));
    }
  };
  port.on('message', (request: ThreadRequest) => {
    tail = tail.then(() => answer(request));
  });
}
