// The report's figure as a Vega-Lite specification: loss, and both accuracies, over the epochs.

import type { TopLevelSpec } from 'vega-lite';

import type { EpochMetrics } from './metrics.js';
import type { Summary } from './summary.js';

/** Of the npm package that curves-image.ts draws the letters with. */
export const FONT = 'Inter';

const TRAIN = '#2563eb';
const EVAL = '#ea580c';
const INK = '#111827';
const FAINT = '#4b5563';
const GRID = '#e5e7eb';

interface Point {
  epoch: number;
  value: number;
  series: string;
}

type Quantity = 'loss' | 'accuracy';

// A loss of 0 has no logarithm.
const LEAST_LOSS = 1e-8;

function pointsOf(history: readonly EpochMetrics[], quantity: Quantity, mode: 'train' | 'eval'): Point[] {
  return history.flatMap((metrics) => {
    const value = metrics[`${mode}_${quantity}`];
    if (value === null || !Number.isFinite(value)) return [];
    const drawn = quantity === 'loss' ? Math.max(value, LEAST_LOSS) : value;
    return [{ epoch: metrics.epoch, value: drawn, series: `${mode} ${quantity}` }];
  });
}

/** Powers of ten from at most the smallest to at least the largest value. */
function decades(values: readonly number[]): number[] {
  const power = (exponent: number) => Number(`1e${exponent}`);
  let [low, high] = [0, 0];
  while (values.some((value) => value < power(low))) low -= 1;
  while (values.some((value) => value > power(high))) high += 1;
  return Array.from({ length: Math.max(high - low, 1) + 1 }, (_, i) => power(low + i));
}

const WIDTH = 400;
const HEIGHT = 260;

function scaleAndAxis(quantity: Quantity, values: readonly number[]) {
  if (quantity === 'accuracy') {
    const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1];
    return { scale: { domain: [0, 1.03], nice: false }, axis: { values: ticks, format: '.1f' } };
  }
  const ticks = decades(values);
  // A little room above the top tick, as in the other panel, so that the two titles are level.
  const domain = [ticks[0], 1.4 * (ticks.at(-1) as number)];
  return { scale: { type: 'log', domain }, axis: { values: ticks, format: '~g' } };
}

function panel(history: readonly EpochMetrics[], quantity: Quantity) {
  const train = pointsOf(history, quantity, 'train');
  const evaluated = pointsOf(history, quantity, 'eval');
  const values = [...train, ...evaluated].map(({ value }) => value);
  const epochs = history.at(-1)?.epoch ?? 1;
  return {
    title: quantity === 'loss' ? 'Loss (cross entropy, log scale)' : 'Accuracy',
    width: WIDTH,
    height: HEIGHT,
    encoding: {
      x: {
        field: 'epoch',
        type: 'quantitative',
        scale: { domain: [0, epochs], nice: false },
        axis: { title: 'epoch', format: 'd', tickMinStep: 1, grid: false, labelFlush: false },
      },
      y: { field: 'value', type: 'quantitative', title: null, ...scaleAndAxis(quantity, values) },
      color: {
        field: 'series',
        type: 'nominal',
        scale: { domain: [`train ${quantity}`, `eval ${quantity}`], range: [TRAIN, EVAL] },
        legend: { title: null, orient: 'top', direction: 'horizontal', offset: 4 },
      },
    },
    // The eval points lie on top: at the end both lines are at the same height.
    layer: [
      { data: { values: evaluated }, mark: { type: 'line', strokeWidth: 2 } },
      // A line of one point would be invisible.
      { data: { values: train }, mark: { type: 'line', strokeWidth: 2, point: train.length === 1 } },
      { data: { values: evaluated }, mark: { type: 'point', filled: true, opacity: 1, size: 45 } },
    ],
  };
}

// Short lines: without a browser Vega takes letters to be wider than they are, and leaves that much room.
function subtitle({ recipe, preprocessing, interrupted, epochs, ...result }: Summary): string[] {
  const when = interrupted ? `interrupted at step ${result.steps}` : `after epoch ${epochs}`;
  const [train, evaluated] = [result.train_accuracy, result.eval_accuracy].map(
    (value) => value?.toFixed(3) ?? 'none',
  );
  const { optimizer, lr, schedule, batch_size, seed } = recipe;
  return [
    `${preprocessing.size} px, ${optimizer}, learning rate ${lr}, ${schedule}, batch size ${batch_size}, seed ${seed}`,
    `${when}: train loss ${result.train_loss?.toPrecision(2) ?? 'none'}, train accuracy ${train}, eval accuracy ${evaluated}`,
    "train: running over the epoch's own batches, in train mode",
    'eval: the same photos after the epoch, in eval mode; it lags while the statistics of BatchNorm settle',
  ];
}

/** Two panels side by side, 1000 × 400 pixels or so. */
export function curvesSpec(history: readonly EpochMetrics[], summary: Summary): TopLevelSpec {
  const spec = {
    background: 'white',
    padding: 20,
    title: {
      text: `Xception on ${summary.photos} photos in ${summary.classes.length} classes`,
      subtitle: subtitle(summary),
      fontSize: 17,
    },
    hconcat: [panel(history, 'loss'), panel(history, 'accuracy')],
    spacing: 48,
    resolve: { scale: { color: 'independent', y: 'independent' } },
    config: {
      font: FONT,
      title: {
        anchor: 'start',
        fontSize: 14,
        fontWeight: 600,
        color: INK,
        subtitleColor: FAINT,
        subtitleFontSize: 11,
        subtitleLineHeight: 16,
        subtitlePadding: 6,
        offset: 14,
        frame: 'group',
      },
      axis: {
        labelColor: FAINT,
        titleColor: FAINT,
        titleFontWeight: 400,
        titleFontSize: 12,
        labelFontSize: 11,
        gridColor: GRID,
        domainColor: GRID,
        tickColor: GRID,
      },
      legend: {
        labelColor: INK,
        labelFontSize: 12,
        symbolType: 'stroke',
        symbolStrokeWidth: 3,
        symbolSize: 300,
      },
      view: { stroke: null },
    },
  };
  // The literal types of Vega-Lite's options are lost in the functions above.
  return spec as unknown as TopLevelSpec;
}
