// The Python process that runs python/parity.py.

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

import { TorchError } from '../errors.js';
import { packageFile } from '../package-file.js';
import type { Layers, Observation } from './observations.js';
import type { OperatorCalls } from './operators.js';
import type { Plan } from './plan.js';
import type { Settings, Switches } from './settings.js';

const program = packageFile('python/parity.py');
const buildRecord = packageFile('build/libtorch.json');

/** The interpreter beside the libtorch that the addon is linked with, else the first python3. */
export function defaultPython(): string {
  const recorded = existsSync(buildRecord) ? JSON.parse(readFileSync(buildRecord, 'utf8')).python : undefined;
  return recorded ?? process.env.LIBTORCH_NODE_PYTHON ?? 'python3';
}

/** Of ours that Python's process takes over before it trains. */
export interface Adoption {
  switches?: Switches;
  /** Strides of parameters and buffers by name. */
  layout?: Record<string, number[]>;
  alignment?: boolean;
}

export interface Begun {
  settings: Settings;
  layers: Layers;
  observations: Observation[];
}

export interface Stepped {
  observations: Observation[];
  operators: OperatorCalls;
}

export class Python {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #replies: AsyncIterator<string>;
  readonly #closed: Promise<unknown>;
  readonly #kill = () => void this.#child.kill('SIGKILL');
  #complaints = '';

  private constructor(
    readonly interpreter: string,
    readonly signal: AbortSignal | undefined,
  ) {
    this.#child = spawn(interpreter, ['-B', program], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#closed = once(this.#child, 'close').catch(() => undefined);
    this.#child.stderr.on('data', (data) => {
      this.#complaints = `${this.#complaints}${data}`.slice(-4000);
    });
    // Writing to a Python that has ended fails; what is read next says why it has.
    this.#child.stdin.on('error', () => undefined);
    this.#replies = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
    process.once('exit', this.#kill);
    signal?.addEventListener('abort', this.#kill);
  }

  /** @throws TorchError where there is no such interpreter, or it has no torch, with what to do */
  static async start(interpreter: string, signal?: AbortSignal): Promise<Python> {
    const python = new Python(interpreter, signal);
    try {
      await once(python.#child, 'spawn');
    } catch (cause) {
      python.#forget();
      throw new TorchError(
        `cannot run the Python '${interpreter}': ${(cause as Error).message}. Name one that has torch (--python)`,
        { cause },
      );
    }
    await python.#read();
    return python;
  }

  async #read(): Promise<Record<string, unknown>> {
    const { value, done } = await this.#replies.next();
    this.signal?.throwIfAborted();
    if (!done) return JSON.parse(value) as Record<string, unknown>;
    await this.#closed;
    this.#forget();
    throw new TorchError(this.#ending());
  }

  #ending(): string {
    const missing = /No module named '(torch|torchvision)'/.exec(this.#complaints)?.[1];
    const { interpreter } = this;
    if (missing) {
      return `the Python '${interpreter}' has no ${missing}: '${interpreter} -m pip install ${missing}', or name another (--python)`;
    }
    const { exitCode, signalCode } = this.#child;
    return `the Python '${interpreter}' ended with ${signalCode ?? `exit code ${exitCode}`}: ${lastLine(this.#complaints)}`;
  }

  async #ask<T>(command: string, request: object): Promise<T> {
    this.signal?.throwIfAborted();
    this.#child.stdin.write(`${JSON.stringify({ command, ...request })}\n`);
    const reply = await this.#read();
    if (typeof reply.error !== 'string') return reply as T;
    const missing = /No module named '(\w+)'/.exec(reply.error)?.[1];
    const fix = missing
      ? `; '${this.interpreter} -m pip install ${missing}', or name another (--python)`
      : '';
    throw new TorchError(`in Python: ${reply.error}${fix}`, { cause: reply.trace });
  }

  /** Seeds, makes the model, takes over `adopt`. */
  begin(plan: Plan, adopt: Adoption): Promise<Begun> {
    return this.#ask('begin', { plan, adopt });
  }

  step(operators: readonly string[]): Promise<Stepped> {
    return this.#ask('step', { operators });
  }

  evaluate(operators: readonly string[]): Promise<Stepped> {
    return this.#ask('evaluate', { operators });
  }

  /** Writes tensors of the last step, by the numbers of their observations, as torch.save does. */
  async fetch(numbers: readonly number[], file: string): Promise<void> {
    await this.#ask('fetch', { numbers, file });
  }

  #forget(): void {
    process.removeListener('exit', this.#kill);
    this.signal?.removeEventListener('abort', this.#kill);
  }

  async stop(): Promise<void> {
    this.#child.stdin.end();
    await this.#closed;
    this.#forget();
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
