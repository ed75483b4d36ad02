import { writeFileSync } from 'node:fs';
import * as cuda from '../cuda/index.js';
import { TorchError } from '../errors.js';
import { isPromise } from '../memory.js';
import { native } from '../native.js';
import type { Trace } from '../native-devices.js';
import { type Names, requireNames } from '../options.js';
import { averagesOf, type EventAverages } from './averages.js';
import { eventsOf, type FunctionEvent } from './event.js';

export type ProfilerActivity = 'cpu' | 'cuda';

export interface ProfileOptions {
  /** What is recorded; by default all that this machine has. */
  activities?: readonly ProfilerActivity[];
  /** Records the shapes of operators' inputs. */
  recordShapes?: boolean;
  /** Records what operators allocate and free. */
  profileMemory?: boolean;
  /** Estimates floating point operations of products and convolutions. */
  withFlops?: boolean;
}

const profileNames: Names<ProfileOptions> = {
  activities: true,
  recordShapes: true,
  profileMemory: true,
  withFlops: true,
};

/** What was recorded between `start` and `stop` on this thread, and on others in its name (torch.profiler.profile). */
export class Profile {
  readonly #options: Required<ProfileOptions>;
  #events: FunctionEvent[] | undefined;
  #trace: Trace | undefined;

  constructor(options: ProfileOptions = {}) {
    requireNames(new.target, options, profileNames);
    const available: ProfilerActivity[] = cuda.isAvailable() ? ['cpu', 'cuda'] : ['cpu'];
    const defaults = { recordShapes: false, profileMemory: false, withFlops: false };
    this.#options = { ...defaults, activities: available, ...options };
    if (this.#options.activities.length === 0) throw new TorchError('No valid profiler activities found');
  }

  start(): this {
    const { activities, recordShapes, profileMemory, withFlops } = this.#options;
    const records = (activity: ProfilerActivity) => activities.includes(activity);
    // Python records shapes for the estimate of operations too.
    native.startProfiler(
      records('cpu'),
      records('cuda'),
      recordShapes || withFlops,
      profileMemory,
      withFlops,
    );
    return this;
  }

  stop(): this {
    const { trace, events } = native.stopProfiler();
    this.#trace = trace;
    this.#events = eventsOf(events);
    return this;
  }

  /** In the order of their beginning, each with its parent and children. Throws TorchError before `stop`. */
  events(): readonly FunctionEvent[] {
    if (this.#events) return this.#events;
    throw new TorchError('Profiler must be initialized before retrieving events: stop it first');
  }

  /** Sums of all events of a name: `console.log(profile.keyAverages().table({ sortBy: 'cpuTimeTotal' }))`. */
  keyAverages(options: { groupByInputShape?: boolean } = {}): EventAverages {
    requireNames(this.keyAverages, options, { groupByInputShape: true });
    const { groupByInputShape = false } = options;
    const { profileMemory } = this.#options;
    return averagesOf(this.events(), { groupByInputShape, profileMemory });
  }

  /** Writes a trace for chrome://tracing or Perfetto. */
  exportChromeTrace(path: string): void {
    this.events();
    // Fails on a bad path with the system's error: Kineto would only log one.
    writeFileSync(path, '');
    native.saveTrace(this.#trace as Trace, path);
  }
}

/** Records what `body` does; an asynchronous body may be awaited. */
export function profile(body: () => Promise<unknown>, options?: ProfileOptions): Promise<Profile>;
export function profile(body: () => unknown, options?: ProfileOptions): Profile;
export function profile(body: () => unknown, options: ProfileOptions = {}): Profile | Promise<Profile> {
  requireNames(profile, options, profileNames);
  const started = new Profile(options).start();
  let result: unknown;
  try {
    result = body();
  } catch (error) {
    started.stop();
    throw error;
  }
  if (!isPromise(result)) return started.stop();
  return (result as Promise<unknown>).then(
    () => started.stop(),
    (error) => {
      started.stop();
      throw error;
    },
  );
}

/** What `body` does shows under this name (torch.profiler.record_function). */
export function recordFunction<T>(name: string, body: () => T): T {
  native.enterLabel(name);
  try {
    const result = body();
    if (isPromise(result)) {
      throw new TypeError(
        'recordFunction() got a promise: labels are synchronous; label the steps between awaits',
      );
    }
    return result;
  } finally {
    native.leaveLabel();
  }
}
