import { Command, Option } from 'commander';

import type { ConvertOptions, FamilyName, WeightsFileOptions } from '../weights/index.js';
import { naturalNumber, positiveInteger } from './number-arguments.js';

const FAMILIES: FamilyName[] = [
  'timm',
  'cadene',
  'tstandley',
  'pytorchcv',
  'faceforensics',
  'keras',
  'libtorch-node',
];

const DESCRIPTION =
  "Bring another project's weights of Xception into the names and shapes of this one. Whose they are is told by the " +
  'names of the tensors; where they lie in a checkpoint, and under which prefix, is found. The preprocessing that ' +
  'belongs to the weights goes along.';

const AFTER = `
IN is what torch.save, safetensors or Keras wrote: .pt, .pth, .safetensors, .h5. OUT is .pt, .pth or .safetensors; it is
a state dict that Python's torch.load opens as well, and replaces an old file only when it is complete.

Examples:
  xception convert xception-43020ad28.pth xception.pt
  xception convert xception_weights_tf_dim_ordering_tf_kernels.h5 xception.safetensors
  xception convert best.pth start.pt --num-classes 4
  xception predict fish.jpg --weights xception.pt`;

interface Options {
  from?: FamilyName;
  prefix?: string;
  numClasses?: number;
  head: boolean;
  seed?: number;
  keepUnknown?: true;
}

export function convertCommand(): Command {
  return new Command('convert')
    .summary("bring another project's Xception into this one's form")
    .description(DESCRIPTION)
    .argument('<in>', 'the file with the weights')
    .argument('<out>', 'the file to write')
    .addOption(
      new Option('--from <family>', 'whose weights they are, where the names fit several').choices(FAMILIES),
    )
    .option(
      '--prefix <text>',
      'take the tensors whose names begin with this, where there is more than one network',
    )
    .addOption(
      new Option('--num-classes <n>', 'put a new classifier for n classes in the place of the old')
        .argParser(positiveInteger)
        .conflicts('head'),
    )
    .option('--no-head', 'leave the classifier out')
    .option('--seed <n>', 'of the new classifier', naturalNumber)
    .option('--keep-unknown', 'take the tensors out of a module that was pickled whole; nothing is executed')
    .addHelpText('after', AFTER)
    .action(run);
}

async function run(source: string, target: string, options: Options): Promise<void> {
  const { convertText } = await import('./convert-text.js');
  const { loadXception, requireWeightsName, saveXception } = await import('../weights/index.js');
  const { manualSeed } = await import('../random.js');
  requireWeightsName(target);
  if (options.seed !== undefined) manualSeed(options.seed);
  const weights = await loadXception(source, convertOptions(options));
  saveXception(weights, target);
  process.stdout.write(`${convertText(weights, target)}\n`);
}

function convertOptions(options: Options): ConvertOptions & WeightsFileOptions {
  const { from: family, prefix, numClasses, head, keepUnknown } = options;
  return { family, prefix, head: numClasses ?? (head ? 'keep' : 'skip'), keepUnknown };
}
