// The experiment of `npm run overfit` from a program of one's own: other options, and a line of one's own per epoch.
//
//   node examples/overfit-from-code.ts [OUT]

import { overfit } from 'libtorch-node/train';

const [out = 'runs/from-code'] = process.argv.slice(2);

const summary = await overfit(
  { labels: 'image', size: 64, epochs: 2, out },
  {
    reporter: {
      epoch: ({ epoch, train_accuracy }) => console.log(`${epoch}: train accuracy ${train_accuracy}`),
    },
  },
);
console.log(`eval accuracy ${summary.eval_accuracy}, in ${out}`);
