import { Command, Option } from 'commander';

import type { ParityOptions } from '../parity/index.js';
import { interruptible } from './interrupt.js';
import { naturalNumber, positiveInteger, positiveNumber } from './number-arguments.js';

const DESCRIPTION =
  'Train a model here and in your Python from the same seed, and compare the bits of every output, gradient, parameter ' +
  'and buffer. What differs is traced to the layer and the operator, and to the setting that makes it so: Python runs ' +
  'again with the setting of here, and gives the same bits or not.';

const AFTER = `
Images are drawn as torch.rand, labels as torch.randint; the loss is the cross entropy. FILE.mjs exports a function that
makes the model by default. In Python it is a function of a module or of a file (torchvision.models:resnet18,
nets/mine.py:model) that needs no arguments. Where threads are not given, each side has its own default.

Exit code: 0 where all bits are equal, 1 where some differ.

Examples:
  xception parity
  xception parity --model resnet18 --reference torchvision.models:resnet18 --python ~/torch/bin/python
  xception parity --model mine.mjs --reference mine.py:model --input 1,28,28 --optimizer Adam
  xception parity --weights last.pt --steps 1 --json`;

interface Options extends Omit<ParityOptions, 'model' | 'reference'> {
  model: string;
  reference?: string;
  size: number;
  json?: true;
}

/** 3,224,224 */
function shape(text: string): number[] {
  return text.split(',').map(positiveInteger);
}

export function parityCommand(): Command {
  return new Command('parity')
    .summary('compare the bits of a training with those of Python')
    .description(DESCRIPTION)
    .option('--model <name>', 'a model of torch.models, or FILE.mjs that exports one', 'xception')
    .option('--reference <module:function>', "what makes the model in Python (default: Xception's own)")
    .option('--python <program>', 'the interpreter (default: the one beside the libtorch in use)')
    .option('--weights <file.pt>', 'a state dict for both, in place of what the seed gives')
    .option('--seed <n>', 'of the model, the images and the labels', naturalNumber, 0)
    .option('--steps <n>', 'training steps; an evaluation follows', positiveInteger, 3)
    .option('--batch <n>', 'images in a step', positiveInteger, 4)
    .option('--size <pixels>', 'side of the images', positiveInteger, 64)
    .addOption(
      new Option('--input <shape>', 'shape of one example, with commas (default: 3,SIZE,SIZE)').argParser(
        shape,
      ),
    )
    .option('--optimizer <name>', 'a class of torch.optim', 'SGD')
    .option('--lr <rate>', "its learning rate (default: the class's own)", positiveNumber)
    .option('--threads <n>', 'on both sides', positiveInteger)
    .option('--device <name>', 'cpu, cuda or cuda:N', 'cpu')
    .addOption(
      new Option('--memory-format <name>', 'of images and weights')
        .choices(['contiguous_format', 'channels_last'])
        .default('contiguous_format'),
    )
    .option('--json', 'print one JSON document')
    .addHelpText('after', AFTER)
    .action(run);
}

async function run({ model, reference, size, json, ...options }: Options): Promise<void> {
  const { parity } = await import('../parity/index.js');
  const { parityModel } = await import('./parity-model.js');
  const { parityText } = await import('./parity-text.js');
  const { signal, exitCode } = interruptible(() => undefined);
  try {
    const report = await parity(
      { input: [3, size, size], ...options, ...(await parityModel(model, reference)) },
      signal,
    );
    process.stdout.write(`${json ? JSON.stringify(report, null, 2) : parityText(report)}\n`);
    process.exitCode = report.equal ? 0 : 1;
  } catch (error) {
    if (!signal.aborted) throw error;
    process.exitCode = exitCode();
  }
}
