// What a comparison with Python found, as text.

import type { LayerDifference, ParityReport } from '../parity/index.js';
import { count } from './run-text.js';
import { tableText } from './table.js';

/** A difference runs through all layers behind it; these show how it grows. */
const MOST_FOLLOWERS = 8;

const layerName = ({ layer }: LayerDifference): string => (layer === '' ? '(model)' : layer);

function magnitude(value: number): string {
  return Number.isNaN(value) ? 'n/a' : value.toExponential(1);
}

function row(difference: LayerDifference): string[] {
  const { type, step, phase, item, operator, maxDifference, origin } = difference;
  const place = phase === 'generator' ? item : phase === 'construction' ? 'construction' : phase;
  const name = operator ?? (origin ? '?' : 'follows');
  return [layerName(difference), type, `${step}`, place, item, name, magnitude(maxDifference)];
}

export function parityText(report: ParityReport): string {
  const { equal, steps, layers, tensors, torch, threads, differences, reasons } = report;
  const sides = `libtorch ${torch.here}, ${count(threads.here, 'thread')} here; torch ${torch.python}, ${count(threads.python, 'thread')} in Python`;
  const compared =
    `${tensors.toLocaleString('en')} tensors of ${count(layers, 'layer')}, ` +
    `${count(steps, 'step')} and an evaluation, seed ${report.seed}`;
  if (equal) return `equal, bit for bit: ${compared}\n${sides}`;
  const first = differences.find(({ origin }) => origin) ?? differences[0];
  const followers = differences.filter(({ origin }) => !origin);
  const shown = differences.filter((each) => each.origin || followers.indexOf(each) < MOST_FOLLOWERS);
  const left = differences.length - shown.length;
  const where = first
    ? `the bits differ: first in step ${first.step} (${first.phase}), ${layerName(first)}, ${first.item}` +
      `${first.operator ? `, ${first.operator}` : ''}`
    : 'the models differ, not the bits of what both have';
  const because = reasons.map(({ text, certain }) => `  ${certain ? '' : 'perhaps '}${text}`);
  return [
    where,
    ...(because.length > 0 ? ['because', ...because] : ['nothing that was tried explains it']),
    '',
    ...(first ? [tableText([HEADER, ...shown.map(row)], [2, 6])] : []),
    ...(left > 0 ? [`... and ${count(left, 'more layer')} behind these`] : []),
    '',
    `compared: ${compared}`,
    sides,
  ].join('\n');
}

const HEADER = ['layer', 'type', 'step', 'phase', 'item', 'operator', 'max |Δ|'];
