import { accessSync, constants, existsSync, mkdirSync, rmdirSync, rmSync, statfsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { TorchError, ValueError } from '../errors.js';
import { writeAtomically } from '../serialization/atomic-file.js';
import { save } from '../serialization/index.js';
import { CHECKPOINT } from './checkpoint.js';
import { curvesPng, curvesSvg } from './curves-image.js';
import { type EpochMetrics, MetricsFile } from './metrics.js';
import type { Summary } from './summary.js';

/** Room for the curves, the metrics and the summary, in bytes. */
const SMALL_FILES = 1 << 20;

/** The files of a run, in one folder: metrics.jsonl and checkpoint.pt as it goes, the others when it ends. */
export class RunFolder {
  readonly metrics: MetricsFile;

  private constructor(readonly path: string) {
    this.metrics = new MetricsFile(join(path, 'metrics.jsonl'));
  }

  /**
   * Makes the folder where there is none.
   *
   * @param bytes what the large files will need: last.pt, and checkpoint.pt
   * @throws ValueError with what to do when the folder cannot be written to, or the disk has no room; nothing is left
   */
  static open(path: string, bytes: number): RunFolder {
    const made = makeFolder(path);
    try {
      requireRoom(path, bytes + SMALL_FILES);
      return new RunFolder(path);
    } catch (error) {
      remove(made);
      throw error;
    }
  }

  /** Each file is the old one or the complete new one, at every moment. */
  async save(
    weights: ReadonlyMap<string, unknown>,
    summary: Summary,
    history: readonly EpochMetrics[],
  ): Promise<void> {
    // The weights first: they cost the most to lose.
    save(weights, join(this.path, 'last.pt'));
    this.#write('summary.json', Buffer.from(`${JSON.stringify(summary, null, 2)}\n`));
    const svg = await curvesSvg(history, summary);
    this.#write('curves.svg', Buffer.from(svg));
    this.#write('curves.png', await curvesPng(svg));
  }

  /** A run that is complete, or begins anew, has nothing to resume. */
  removeCheckpoint(): void {
    rmSync(join(this.path, CHECKPOINT), { force: true });
  }

  #write(name: string, bytes: Uint8Array): void {
    writeAtomically(join(this.path, name), (file) => file.write(bytes));
  }
}

/** Returns the folders that had to be made, outermost first. */
function makeFolder(path: string): string[] {
  const missing: string[] = [];
  for (let folder = resolve(path); !existsSync(folder); folder = dirname(folder)) missing.unshift(folder);
  const made: string[] = [];
  try {
    // One by one: where a folder cannot be made although its parent is there (/proc), Node's own recursion never ends.
    for (const folder of missing) {
      mkdirSync(folder);
      made.push(folder);
    }
    accessSync(`${path}/.`, constants.W_OK | constants.X_OK);
    return made;
  } catch (error) {
    remove(made);
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOTDIR' ? 'a file is in the way' : message;
    throw new ValueError(`cannot write to the folder ${path}: ${why}; choose another out folder`, {
      cause: error,
    });
  }
}

function remove(folders: string[]): void {
  for (const folder of folders.reverse()) rmdirSync(folder);
}

function requireRoom(path: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(path);
  if (bavail * bsize >= bytes) return;
  const megabytes = (count: number) => `${Math.ceil(count / 1e6)} MB`;
  throw new TorchError(
    `the disk is full: ${path} needs ${megabytes(bytes)} and has ${megabytes(bavail * bsize)}; ` +
      'free some space or choose another out folder',
  );
}
