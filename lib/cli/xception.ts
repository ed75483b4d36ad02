#!/usr/bin/env node
// The `xception` program. What is expensive (libtorch) is loaded by the command that needs it.

import { createRequire } from 'node:module';

import { Command, CommanderError } from 'commander';

import { convertCommand } from './convert-command.js';
import { inspectCommand } from './inspect-command.js';
import { oneLine } from './one-line.js';
import { overfitCommand } from './overfit-command.js';
import { parityCommand } from './parity-command.js';
import { predictCommand } from './predict-command.js';

const WRONG_USAGE = 2;
/** What a shell says of a program that SIGPIPE ended. */
const BROKEN_PIPE = 141;

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

const program = new Command('xception')
  .description('Train and use Xception (Chollet 2017) on libtorch, from TypeScript.')
  .version(version)
  .exitOverride()
  .configureOutput({
    outputError: (text, write) => write(`${oneLine(text).replace(/^error: /, 'xception: ')}\n`),
  })
  .addCommand(overfitCommand())
  .addCommand(predictCommand())
  .addCommand(convertCommand())
  .addCommand(inspectCommand())
  .addCommand(parityCommand());
for (const command of program.commands) command.copyInheritedSettings(program);

/** Defects of the program keep their stack; everything else says in its message what to do. */
function isDefect(error: unknown): boolean {
  return (
    !(error instanceof Error) || /^(Type|Reference|Range|Syntax|Assertion)Error$/.test(error.constructor.name)
  );
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader (head, say) has gone.
  if (error.code === 'EPIPE') process.exit(BROKEN_PIPE);
  throw error;
});

program.parseAsync().catch((error: unknown) => {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : WRONG_USAGE;
    return;
  }
  const stack = (error as Error).stack ?? String(error);
  process.stderr.write(isDefect(error) ? `${stack}\n` : `xception: ${oneLine((error as Error).message)}\n`);
  process.exitCode = 1;
});
