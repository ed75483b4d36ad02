// The PyTorch beside which every bit is checked: that of the Python environment that libtorch was taken from.

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import * as torch from 'libtorch-node';
import { interpreter } from '../live-python.js';
import type { Leaf } from './flat.js';

export interface Conditions {
  seed: number;
  threads: number;
  /** Where tensors are made when a program names no device. */
  device: string;
}

type Reply = { torch: string } | { leaves: Leaf[] } | { error: string };

const serve = fileURLToPath(new URL('reference/serve.py', import.meta.url));

/** The keys of objects, at any depth, in Python's spelling. */
function snakeKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`),
      snakeKeys(item),
    ]),
  );
}

/** One Python process that runs the programs in reference/, one after another. */
export class Python {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #replies: AsyncIterator<string>;
  readonly #closed: Promise<unknown>;
  #complaints = '';

  private constructor() {
    const program = process.env.LIBTORCH_NODE_TORCHVISION ?? interpreter();
    // -B: no __pycache__ beside the sources. That large blocks stay in the heap halves the time and changes no bits.
    this.#child = spawn(program, ['-B', serve], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, MALLOC_MMAP_MAX_: '0', MALLOC_TRIM_THRESHOLD_: `${2 ** 31 - 1}` },
    });
    this.#child.stderr.on('data', (data) => {
      this.#complaints = `${this.#complaints}${data}`.slice(-4000);
    });
    this.#closed = once(this.#child, 'close').catch(() => undefined);
    // Writing to a Python that has ended fails; what is read next says why it has.
    this.#child.stdin.on('error', () => undefined);
    this.#replies = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
  }

  static async start(): Promise<Python> {
    const python = new Python();
    await once(python.#child, 'spawn');
    const greeting = await python.#read();
    const theirs = 'torch' in greeting ? greeting.torch : '?';
    if (theirs.split('+')[0] === torch.versions().torch) return python;
    throw new Error(
      `Python has torch ${theirs}, the addon libtorch ${torch.versions().torch}: bits are compared at one version`,
    );
  }

  async #read(): Promise<Reply> {
    const { value, done } = await this.#replies.next();
    if (!done) return JSON.parse(value) as Reply;
    await this.#closed;
    throw new Error(
      `${this.#child.spawnfile} ended with exit code ${this.#child.exitCode}:\n${this.#complaints}`,
    );
  }

  /** Runs reference/`program`.py; what it returns, flat. */
  async run(program: string, conditions: Conditions, params: object): Promise<Leaf[]> {
    this.#child.stdin.write(`${JSON.stringify({ program, ...conditions, params: snakeKeys(params) })}\n`);
    const reply = await this.#read();
    if ('leaves' in reply) return reply.leaves;
    throw new Error(
      `reference/${program}.py failed:\n${'error' in reply ? reply.error : JSON.stringify(reply)}`,
    );
  }

  async stop(): Promise<void> {
    this.#child.stdin.end();
    await this.#closed;
  }
}
