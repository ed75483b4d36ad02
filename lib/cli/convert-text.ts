// What a conversion did, as text.

import { statSync } from 'node:fs';

import type { Preprocessing, XceptionWeights } from '../weights/index.js';
import { bytesText } from './bytes-text.js';

export function convertText(weights: XceptionWeights, path: string): string {
  const { report, state, preprocessing, family, numClasses } = weights;
  const { alsoFits, prefix, reshaped, added, unused } = report;
  const heads = {
    kept: `${numClasses?.toLocaleString('en')} classes`,
    skipped: 'the classifier is left out',
    new: `a new classifier for ${numClasses?.toLocaleString('en')} classes`,
    absent: 'without a classifier',
  };
  const lines = [
    `an Xception of ${family}: ${state.size} tensors, ${heads[report.head]}`,
    alsoFits.length > 0 && report.family !== 'libtorch-node'
      ? `the names are those of ${alsoFits.join(', ')} too; --from says whose it is`
      : '',
    prefix === '' ? '' : `stripped the prefix ${JSON.stringify(prefix)}`,
    reshaped.length === 0 ? '' : `made ${reshaped.length} weights 4-D, the first is ${reshaped[0]}`,
    added.length === 0 ? '' : `added ${added.length} counters of BatchNorm, which the file lacks`,
    unused.length === 0
      ? ''
      : `left out ${unused.length} tensors that are no part of the network: ${some(unused)}`,
    preprocessing
      ? `preprocessing: ${preprocessingText(preprocessing)}`
      : 'the file says nothing about the preprocessing',
    `wrote ${path} (${bytesText(statSync(path).size)})`,
    preprocessing && numClasses !== null ? `next: npx xception predict PHOTO --weights ${path}` : '',
  ];
  return lines.filter((line) => line !== '').join('\n');
}

function some(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join(', ')}, ...` : names.join(', ');
}

function preprocessingText(preprocessing: Preprocessing): string {
  const { inputSize, interpolation, cropMode, cropPct, mean, std } = preprocessing;
  const crop = cropMode === 'squash' ? 'both sides at once' : `the middle ${100 * cropPct} %`;
  return `${inputSize[2]}x${inputSize[1]} px, ${interpolation}, ${crop}, mean ${mean.join(' ')}, std ${std.join(' ')}`;
}
