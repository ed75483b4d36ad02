// The `xception` program as a child process, and small folders of photos for it.

import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const program = fileURLToPath(new URL('../../dist/cli/xception.js', import.meta.url));
export const examplePhotos = fileURLToPath(new URL('../../examples/photos/train', import.meta.url));

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

interface Conditions {
  env?: NodeJS.ProcessEnv;
  nodeArguments?: string[];
  /** Gives the child a pipe to read from; else it reads nothing. */
  input?: boolean;
  /** Called with the child and all it has said so far, whenever it says something. */
  onOutput?: (child: ChildProcess, output: string) => void;
}

/** Runs a command to its end. What tells a program that npm started it is taken away. */
export function runCommand(
  command: string,
  parameters: string[],
  { env = {}, input = false, onOutput }: Conditions = {},
): Promise<Ended> {
  const { npm_lifecycle_event: _, ...environment } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters, {
      env: { ...environment, ...env },
      stdio: [input ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout?.on('data', (data) => {
      stdout += data;
      onOutput?.(child, stdout + stderr);
    });
    child.stderr?.on('data', (data) => {
      stderr += data;
      onOutput?.(child, stdout + stderr);
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

export function xception(parameters: string[], conditions: Conditions = {}): Promise<Ended> {
  return runCommand(
    process.execPath,
    [...(conditions.nodeArguments ?? []), program, ...parameters],
    conditions,
  );
}

/** A folder that goes when the test ends; `keep` leaves that to the caller. */
export function temporaryFolder({ keep = false } = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'libtorch-node-cli-'));
  if (!keep) onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Copies the first photos of some of the example classes. */
export function photoFolder(
  target: string,
  { classes = ['fish', 'tool'], each = 4 }: { classes?: string[]; each?: number } = {},
): string {
  for (const name of classes) {
    mkdirSync(join(target, name), { recursive: true });
    const files = readdirSync(join(examplePhotos, name)).sort().slice(0, each);
    for (const file of files) cpSync(join(examplePhotos, name, file), join(target, name, file));
  }
  return target;
}

/** Quick settings: 33 pixels are the fewest whose last maps have more than one. */
export const small = ['--size', '33', '--batch-size', '4', '--threads', '1'];
