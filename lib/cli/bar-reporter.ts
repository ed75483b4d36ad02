import cliProgress from 'cli-progress';

import type { ConsoleReporter } from './console-reporter.js';
import { progressText } from './run-text.js';

/** Columns of the epoch and the numbers; the bar gets the rest. */
const TEXT_WIDTH = 76;

/** Adds a progress bar on the terminal to what another reporter says; the bar makes room for each of its lines. */
export function barReporter(lines: ConsoleReporter): ConsoleReporter {
  const barsize = Math.min(Math.max((process.stderr.columns || 80) - TEXT_WIDTH, 4), 40);
  const bar = new cliProgress.SingleBar({
    format: 'epoch {epoch} [{bar}] {text}',
    barsize,
    barCompleteChar: '#',
    barIncompleteChar: '.',
    stream: process.stderr,
    clearOnComplete: true,
    // The cursor and the line wrap are left alone: a program that is killed could not put them right.
    hideCursor: null,
    linewrap: true,
    gracefulExit: false,
  });
  let epochs = 0;
  return {
    start(run) {
      epochs = run.plan.epochs;
      lines.start?.(run);
    },
    step(progress) {
      const { epoch, step, steps } = progress;
      const payload = { epoch: `${epoch}/${epochs}`, text: progressText(progress) };
      if (bar.isActive) bar.update(step, payload);
      else bar.start(steps, step, payload);
    },
    epoch(metrics) {
      bar.stop();
      lines.epoch?.(metrics);
    },
    end: (summary) => lines.end?.(summary),
    stopping() {
      bar.stop();
      lines.stopping();
    },
  };
}
