import { Command, Option } from 'commander';

import type { OverfitOptions } from '../train/index.js';
import { barReporter } from './bar-reporter.js';
import { interruptible } from './interrupt.js';
import { lineReporter } from './line-reporter.js';
import { naturalNumber, positiveInteger, positiveNumber } from './number-arguments.js';

const DESCRIPTION =
  'Train Xception on a folder of photos until it knows every one of them: an implementation that can be trained ' +
  'overfits, its train accuracy reaches 1. Without options it takes the 100 photos in examples/photos/train and ' +
  'less than four minutes on two cores.';

const AFTER = `
Files in the out folder:
  metrics.jsonl           one line per epoch, written as it ends
  curves.svg, curves.png  loss, train accuracy and eval accuracy over the epochs
  last.pt                 the weights; opens in Python with torch.load
  summary.json            the result, the options, the names of the classes
  checkpoint.pt           of a run that is not complete: what --resume needs

Ctrl-C finishes the step, writes all files and exits with 130; a second Ctrl-C exits at once. --resume goes on from
there, or from the last checkpoint of a run that was killed, to the same bits as if it had never stopped.

Examples:
  xception overfit
  xception overfit --data photos --size 128 --epochs 20 --out runs/mine
  xception overfit --labels image --seed 1
  xception overfit --resume runs/mine`;

export function overfitCommand(): Command {
  return new Command('overfit')
    .summary('train on a folder of photos until the network knows them')
    .description(DESCRIPTION)
    .option('--data <folder>', 'one folder of photos per class (default: the 100 example photos)')
    .addOption(
      new Option('--labels <kind>', 'what a class is: a folder, or every image its own')
        .choices(['folder', 'image'])
        .default('folder'),
    )
    .option(
      '--size <pixels>',
      'side of the square that the network sees (default: 96 on the CPU, 299 on CUDA)',
      positiveInteger,
    )
    .option('--epochs <n>', 'times that every photo is seen', positiveInteger, 50)
    .option('--batch-size <n>', 'photos per step', positiveInteger, 10)
    .addOption(
      new Option('--optimizer <name>', 'adam, or sgd with momentum 0.9')
        .choices(['adam', 'sgd'])
        .default('adam'),
    )
    .option('--lr <rate>', 'initial learning rate', positiveNumber, 1e-3)
    .addOption(
      new Option(
        '--schedule <name>',
        'learning rate, per step: cosine to 0, constant, or a tenth after each third',
      )
        .choices(['cosine', 'constant', 'step'])
        .default('cosine'),
    )
    .addOption(
      new Option(
        '--memory-format <name>',
        'order of the bytes (default: channels_last on the CPU, contiguous on CUDA)',
      ).choices(['channels_last', 'contiguous']),
    )
    .addOption(
      new Option('--init <name>', "kaiming, or PyTorch's default")
        .choices(['kaiming', 'default'])
        .default('kaiming'),
    )
    .option('--seed <n>', 'the same seed gives the same bits', naturalNumber, 0)
    .option('--device <name>', 'cpu, cuda or cuda:N (default: cuda where there is a GPU)')
    .option('--threads <n>', 'CPU threads (default: one per core)', positiveInteger)
    .option(
      '--eval-every <n>',
      'epochs between two evaluation passes; there is one at the end',
      positiveInteger,
      5,
    )
    .option('--out <folder>', 'where the results go', 'runs/overfit')
    .option('--checkpoint-every <n>', 'epochs between two writings of checkpoint.pt', positiveInteger, 10)
    .option('--resume <folder>', 'go on with the run in that out folder, with its own options')
    .addHelpText('after', AFTER)
    .action(run);
}

async function run(options: OverfitOptions, command: Command): Promise<void> {
  const reporter = process.stderr.isTTY ? barReporter(lineReporter()) : lineReporter();
  const { signal, exitCode } = interruptible(() => reporter.stopping());
  const { overfit } = await import('../train/index.js');
  try {
    await overfit(options.resume === undefined ? options : givenOnly(options, command), { reporter, signal });
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    process.stderr.write('stopped before the training began; nothing was written\n');
  }
  process.exitCode = exitCode();
}

/** Without the defaults: a run that is resumed has its own. */
function givenOnly(options: OverfitOptions, command: Command): OverfitOptions {
  const given = Object.entries(options).filter(([name]) => command.getOptionValueSource(name) === 'cli');
  return Object.fromEntries(given);
}
