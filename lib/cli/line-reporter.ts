import type { ConsoleReporter } from './console-reporter.js';
import { epochText, startText, summaryText } from './run-text.js';

/** Plain lines on the standard output: one per epoch. */
export function lineReporter(): ConsoleReporter {
  let epochs = 0;
  let out = '';
  const say = (text: string): void => {
    process.stdout.write(`${text}\n`);
  };
  return {
    start(run) {
      epochs = run.plan.epochs;
      out = run.plan.out;
      say(startText(run));
    },
    epoch: (metrics) => say(epochText(metrics, epochs)),
    end: (summary) => say(summaryText(summary, out)),
    stopping() {
      process.stderr.write('stopping after this step; press Ctrl-C again to exit at once\n');
    },
  };
}
