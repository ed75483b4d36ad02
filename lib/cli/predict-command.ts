import { Command } from 'commander';

import { positiveInteger } from './number-arguments.js';

interface PredictOptions {
  weights: string;
  classes?: string[];
  size?: number;
  top: number;
  device?: string;
}

const AFTER = `
Examples:
  xception predict fish.jpg --weights runs/overfit/last.pt
  xception predict *.jpg --weights xception.pt --classes fish,tool --size 299`;

export function predictCommand(): Command {
  return new Command('predict')
    .summary('name what is on photos')
    .description('Name what is on photos: the classes with their probabilities, the most probable first.')
    .argument('<image...>', 'image files')
    .requiredOption('--weights <file>', "a run's last.pt; its summary.json is read too")
    .option('--classes <names>', "names of the classes, with commas (default: the run's)", (text) =>
      text.split(','),
    )
    .option(
      '--size <pixels>',
      "side of the square that the network sees (default: the run's)",
      positiveInteger,
    )
    .option('--top <n>', 'classes to print for each image', positiveInteger, 5)
    .option('--device <name>', 'cpu, cuda or cuda:N (default: cuda where there is a GPU)')
    .addHelpText('after', AFTER)
    .action(run);
}

async function run(images: string[], { top, ...options }: PredictOptions): Promise<void> {
  const { PhotoClassifier } = await import('../train/index.js');
  const classifier = new PhotoClassifier(options);
  for (const image of images) {
    const predictions = await classifier.classify(image);
    const lines = predictions
      .slice(0, top)
      .map(({ name, probability }) => `  ${probability.toFixed(4)}  ${name}`);
    process.stdout.write(`${image}\n${lines.join('\n')}\n`);
  }
}
