import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Runs a program of test/leak/programs in a process of its own. */
export function run(name: string, args: string[] = [], node = process.execPath) {
  const program = fileURLToPath(new URL(`programs/${name}.mjs`, import.meta.url));
  const { status, signal, stdout, stderr } = spawnSync(node, [program, ...args], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  return { status, signal, stdout, stderr };
}

/** The numbers that the program reports; throws with its error output when it failed. */
export function measure<T>(name: string, args: string[] = [], node = process.execPath): T {
  const { status, signal, stdout, stderr } = run(name, args, node);
  if (status !== 0) throw new Error(`${name} ended with ${signal ?? status}:\n${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1) as string) as T;
}
